//! Spanish: day first, unless only the North American order makes a date.

use super::check;

#[test]
fn numbers_are_read_day_first() {
    check(
        "es",
        &[
            ("3/3", "2027-03-03"),
            ("3/3/27", "2027-03-03"),
            ("3/3/2027", "2027-03-03"),
            ("03-03-2027", "2027-03-03"),
            ("3.3.27", "2027-03-03"),
            ("03 03 2027", "2027-03-03"),
            ("3 3 27", "2027-03-03"),
            ("03032027", "2027-03-03"),
            ("030327", "2027-03-03"),
            ("0303", "2027-03-03"),
            ("2027-03-03", "2027-03-03"),
            ("1/5", "2027-05-01?"),
            ("1-5-27", "2027-05-01?"),
            ("01/05/27", "2027-05-01?"),
            ("01052027", "2027-05-01?"),
            ("2027-05-01", "2027-05-01"),
            ("19/1", "2027-01-19"),
            ("19-1-27", "2027-01-19"),
            ("1/19/27", "2027-01-19"),
            ("10/15/2027", "2027-10-15"),
            ("25/12", "2026-12-25"),
            ("12/25", "2026-12-25"),
            ("3 del 3", "2027-03-03"),
            ("el 3 del 3 del 27", "2027-03-03"),
            ("19 del 1 de 2027", "2027-01-19"),
            ("fecha 15/10", "2027-10-15"),
            ("24/7", "2027-07-24"),
        ],
    );
}

#[test]
fn months_may_be_named_in_any_order_and_shape() {
    check(
        "es",
        &[
            ("3 marzo", "2027-03-03"),
            ("3 de marzo del 2027", "2027-03-03"),
            ("3 de marzo del 27", "2027-03-03"),
            ("3 de marzo de 27", "2027-03-03"),
            ("3 de marzo del año 2027", "2027-03-03"),
            ("3 de marzo, 2027", "2027-03-03"),
            ("3 marzo 2027", "2027-03-03"),
            ("Marzo 3, 2027", "2027-03-03"),
            ("marzo 3 del 2027", "2027-03-03"),
            ("marzo 3 27", "2027-03-03"),
            ("3 mar", "2027-03-03"),
            ("3-mar-27", "2027-03-03"),
            ("3/mar/2027", "2027-03-03"),
            ("03 mar 2027", "2027-03-03"),
            ("3marzo", "2027-03-03"),
            ("3demarzo", "2027-03-03"),
            ("3 demarzo", "2027-03-03"),
            ("marzo3", "2027-03-03"),
            ("3 d marzo", "2027-03-03"),
            ("dia 3 de marzo", "2027-03-03"),
            ("el día 3 de marzo", "2027-03-03"),
            ("3 del mes de marzo", "2027-03-03"),
            ("1ro de mayo", "2027-05-01"),
            ("1ero de mayo", "2027-05-01"),
            ("1er de mayo", "2027-05-01"),
            ("1o de mayo", "2027-05-01"),
            ("1° de mayo", "2027-05-01"),
            ("1º de Mayo del 2027", "2027-05-01"),
            ("primero de mayo", "2027-05-01"),
            ("uno de mayo", "2027-05-01"),
            ("mayo primero", "2027-05-01"),
            ("tres de marzo de dos mil veintisiete", "2027-03-03"),
            ("veintiuno de septiembre", "2027-09-21"),
            ("treinta y uno de enero", "2027-01-31"),
            ("5 de septiembre", "2027-09-05"),
            ("5 sept", "2027-09-05"),
            ("5 sep", "2027-09-05"),
            ("5 set", "2027-09-05"),
            ("5 ago", "2027-08-05"),
            ("10 Dic", "2026-12-10"),
            ("10 dic.", "2026-12-10"),
            ("March 3", "2027-03-03"),
            ("3 de april", "2027-04-03"),
            ("miércoles 3 de marzo", "2027-03-03"),
            ("25 de diciembre del próximo año", "2027-12-25"),
            ("25 de diciembre de este año", "2026-12-25"),
        ],
    );
}

#[test]
fn slips_in_a_month_are_understood_if_only_one_is_near() {
    check(
        "es",
        &[
            ("19 de henero", "2027-01-19"),
            ("14 de febreo", "2027-02-14"),
            ("14 de frebrero", "2027-02-14"),
            ("10 de avril", "2027-04-10"),
            ("10 de abrli", "2027-04-10"),
            ("12 de agoto", "2027-08-12"),
            ("12 de agosot", "2027-08-12"),
            ("5 de septienbre", "2027-09-05"),
            ("15 de octubr", "2027-10-15"),
            ("15 de octuvre", "2027-10-15"),
            ("30 de nobiembre", "2026-11-30"),
            ("25 de disiembre", "2026-12-25"),
            ("5 de junio", "2027-06-05"),
            ("5 de julio", "2027-07-05"),
            ("5 de juinio", "2027-06-05"),
            ("5 de jumio", "-"),
            ("5 de juio", "-"),
            ("5 de juñio", "2027-06-05"),
            ("5 de mayzo", "-"),
        ],
    );
}

#[test]
fn words_around_a_date_do_no_harm() {
    check(
        "es",
        &[
            ("es el 3 de marzo", "2027-03-03"),
            ("Mi bebé nace el 3 de marzo", "2027-03-03"),
            ("Mi fecha de parto es el 10/4/27", "2027-04-10?"),
            ("para el 19 de enero gracias", "2027-01-19"),
            ("nació el 2 de noviembre a las 3 am", "2027-11-02"),
            ("nació el 2 de noviembre de 2026, pesó 3 kilos", "2026-11-02"),
            ("tengo 25 semanas, para el 3 de marzo", "2027-03-03"),
            ("tengo 2 hijos y espero para el 3 de marzo", "2027-03-03"),
            ("3 de marzo en la mañana", "2027-03-03"),
            ("fpp 030327", "2027-03-03"),
            ("creo que el 1 de mayo", "2027-05-01"),
            ("¿El 3 de marzo?", "2027-03-03"),
            ("¡3/3/27!", "2027-03-03"),
            ("BEBE 3/3/27", "2027-03-03"),
            ("el 3 de marzo (3/3)", "2027-03-03"),
        ],
    );
}

#[test]
fn what_is_no_day_is_no_date() {
    check(
        "es",
        &[
            ("30 de febrero", "-"),
            ("32 de enero", "-"),
            ("31/4/27", "-"),
            ("29/2/27", "-"),
            ("29/2", "2028-02-29"),
            ("29 de febrero", "2028-02-29"),
            ("mayo", "-"),
            ("mediados de mayo", "-"),
            ("a finales de mayo del 27", "-"),
            ("a principios de marzo", "-"),
            ("fin de abril", "-"),
            ("marzo 2027", "-"),
            ("marzo del 2027", "-"),
            ("marzo del 27", "-"),
            ("mayo de 28", "-"),
            ("el 15", "-"),
            ("en 2027", "-"),
            ("tengo 5 meses", "-"),
            ("estoy en 20 semanas", "-"),
            ("en la semana 20", "-"),
            ("semana 20", "-"),
            ("hola", "-"),
            ("gracias", "-"),
            ("Mario 3", "-"),
            ("tomar 3", "-"),
            ("3/3/72", "-"),
            ("10:15", "-"),
            ("100 pesos", "-"),
            ("$10", "-"),
            ("2-3 veces", "-"),
            ("no sé la fecha", "-"),
        ],
    );
}

#[test]
fn two_dates_are_asked_about() {
    check(
        "es",
        &[
            ("3 o 4 de marzo", "-?"),
            ("3 ó 4 de marzo", "-?"),
            ("el 3 o el 4 de marzo", "-?"),
            ("entre el 3 y el 10 de marzo", "-?"),
            ("del 3 al 10 de marzo", "-?"),
            ("3-4 de marzo", "-?"),
            ("3/4 de marzo", "-?"),
            ("3 de marzo o 4 de abril", "-?"),
            ("15/10 o 20/10", "-?"),
            ("15 o 16/10", "-?"),
            ("3 de marzo 10 de abril", "-?"),
            ("marzo 3 o 4", "-?"),
        ],
    );
}

#[test]
fn days_told_from_today_and_holidays() {
    check(
        "es",
        &[
            ("hoy", "2026-11-21"),
            ("nació hoy", "2026-11-21"),
            ("nació ayer", "2026-11-20"),
            ("pasado mañana", "2026-11-23"),
            ("antier", "2026-11-19"),
            ("en 2 semanas", "2026-12-05"),
            ("en una semana", "2026-11-28"),
            ("dentro de 20 semanas", "2027-04-10"),
            ("faltan 20 semanas", "2027-04-10"),
            ("hace 3 días", "2026-11-18"),
            ("mi última regla fue hace 6 semanas", "2026-10-10"),
            ("Navidad", "2026-12-25"),
            ("tengo cita mañana con el doctor", "-"),
        ],
    );
}
