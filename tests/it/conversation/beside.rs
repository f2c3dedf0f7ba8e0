//! Two things said in one text, and words that mean something else at another time: what is graver is heard.

use chrono::TimeDelta;
use motherline::gateway::rehearsal::{Fault, FaultKind};

use super::{Phone, assert_says, enrolled, tips};

const YES: [(&str, &str); 3] = [("en", "yes"), ("es", "si"), ("ru", "да")];

#[tokio::test]
async fn a_fever_with_its_figure_is_no_partners_code() {
    for (language, texts) in [
        ("en", ["Baby fever 104", "baby temp 104"]),
        ("es", ["Bebe fiebre 39", "bebe temperatura 39"]),
        ("ru", ["малыш температура 39", "малыш темп 39"]),
    ] {
        let mut phone = Phone::new().await;
        phone.speak(language);
        phone.hears(texts[0], "danger_baby").await;
        let mut phone = enrolled(language).await;
        phone.hears(texts[0], "danger_baby").await;
        phone.hears(texts[1], "danger_baby").await;
    }
    // A code is still a code.
    let mut phone = Phone::new().await;
    phone.hears("BABY CLINIC7", "ask_date").await;
}

#[tokio::test]
async fn danger_behind_the_news_of_a_birth_is_answered() {
    for (language, texts) in [
        ("en", ["Born 11/20 not breathing", "Baby born 3 days ago fever", "Born 11/21 blue lips"]),
        ("es", ["Nacido 20/11 no respira", "nacio hace 3 dias fiebre", "nacido 21/11 labios azules"]),
        ("ru", ["родился 20.11 не дышит", "родился 3 дня назад температура", "родилась 21.11 посинела"]),
    ] {
        for text in texts {
            enrolled(language).await.hears_either(text, ["danger_baby", "danger_mother"]).await;
        }
    }
    enrolled("en").await.hears("Born 11/20 at home", "confirm_born").await;
}

#[tokio::test]
async fn stop_beside_a_visit_that_is_off_is_a_stop() {
    for (language, off, texts) in [
        (
            "en",
            "Cancel my appointment",
            ["Cancel my appointment. STOP", "I dont have an appointment. Stop texting me"],
        ),
        ("es", "Cancelar mi cita", ["Cancelar mi cita. ALTO", "cancelar cita. ya no me escriban"]),
        ("ru", "Отменить визит", ["Отменить визит. СТОП", "отменить визит. не пишите мне больше"]),
    ] {
        let mut phone = enrolled(language).await;
        phone.hears(off, "appt_none").await;
        phone.hears(texts[0], "stopped").await;
        enrolled(language).await.hears(texts[1], "stopped").await;
    }
}

#[tokio::test]
async fn a_wish_to_die_is_heard_beside_words_that_may_mean_stop() {
    for (language, beside, after) in [
        ("en", ["I'm done. I want to die", "I want to die. I dont want this anymore"], "STOP I want to die"),
        (
            "es",
            ["ya no quiero esto. me quiero morir", "me quiero morir, ya no quiero esto"],
            "ALTO. me quiero morir",
        ),
        ("ru", ["не могу больше. хочу умереть", "хочу умереть. мне это не нужно"], "СТОП. хочу умереть"),
    ] {
        for text in beside {
            enrolled(language).await.hears_either(text, ["danger_mind", "danger_stop"]).await;
        }
        let mut phone = enrolled(language).await;
        phone.hears(after, "danger_stop").await;
        phone.hears(after, "danger_mind").await;
        assert!(phone.wait(TimeDelta::days(9)).await.is_empty(), "it is still a stop");
    }
}

#[tokio::test]
async fn a_later_baby_who_is_well_undoes_no_loss() {
    for (language, [lost, no, well], [start, due, yes]) in [
        ("en", ["I lost the baby", "no", "my baby is healthy"], ["BABY", "August 30, 2027", "yes"]),
        ("es", ["perdí a mi bebé", "no", "mi bebe esta bien"], ["BEBE", "30 de agosto de 2027", "si"]),
        ("ru", ["я потеряла ребёнка", "нет", "с малышом все хорошо"], ["МАМА", "30.08.2027", "да"]),
    ] {
        let mut phone = enrolled(language).await;
        phone.goes(&[(lost, "loss"), (no, "support_no")]).await;
        phone.wait(TimeDelta::days(40)).await;
        phone.silence_of_undo(well).await;
        phone.goes(&[(start, "ask_date_after_loss"), (due, "confirm_due")]).await;
        assert_eq!(1, phone.says(yes).await.len());
        phone.says(if language == "ru" { "Москва" } else { "10001" }).await;
        assert_eq!(vec!["active", "frozen"], phone.enrollments().await);
        phone.silence_of_undo(well).await;
        assert_eq!(vec!["active", "frozen"], phone.enrollments().await);
    }
}

#[tokio::test]
async fn which_of_twins_is_understood_in_the_words_of_a_loss() {
    for (language, twins, lost, one, both) in [
        ("en", "twins", "my baby died", "I lost one of them", "both died"),
        ("es", "gemelos", "mi bebé murió", "perdí uno", "murieron los dos"),
        ("ru", "двойня", "мой малыш умер", "потеряла одного", "умерли оба"),
    ] {
        let mut phone = enrolled(language).await;
        phone.goes(&[(twins, "several_due"), (lost, "loss_which"), (one, "loss_one")]).await;
        assert_eq!(vec!["active"], phone.enrollments().await);
        let mut phone = enrolled(language).await;
        phone.goes(&[(twins, "several_due"), (lost, "loss_which"), (both, "loss")]).await;
        assert_eq!(vec!["frozen"], phone.enrollments().await);
        // And days later, by the number alone.
        let mut phone = enrolled(language).await;
        phone.goes(&[(twins, "several_due"), (lost, "loss_which")]).await;
        phone.wait(TimeDelta::days(4)).await;
        phone.hears("1", "loss_one").await;
    }
}

#[tokio::test]
async fn after_a_loss_nothing_of_before_is_shown_on_a_hidden_phone() {
    let mut phone = enrolled("en").await;
    phone.goes(&[("SAFE", "safe_on"), ("appt dec 1 2pm", "appt_set")]).await;
    assert!(phone.wait(TimeDelta::days(6)).await.len() > 3);
    phone.goes(&[("I lost my baby", "loss"), ("yes", "support_yes")]).await;
    let day = phone.wait(TimeDelta::days(2)).await;
    assert!(day.iter().all(|line| phone.is(&line.body, "safe_notice")), "{day:#?}");
    let shown = phone.says("1").await;
    assert_eq!(1, shown.len());
    assert_says(&shown[0], &["sorry"]);
    for of_before in ["visit", "prenatal", "More is waiting"] {
        assert!(!shown[0].contains(of_before), "{shown:#?}");
    }
}

#[tokio::test]
async fn a_loss_while_she_joins_closes_the_question() {
    let mut phone = Phone::new().await;
    phone.goes(&[("hi, what is this", "free_text_stranger"), ("BABY", "ask_date")]).await;
    let answer = phone.says("I had a miscarriage").await;
    assert!(answer.len() <= 1, "{answer:#?}");
    assert!(phone.wait(TimeDelta::days(3)).await.is_empty(), "nobody asks for her date");
}

#[tokio::test]
async fn not_yet_is_about_the_birth_only_when_it_may_have_come() {
    for (language, early) in [("en", "not yet"), ("es", "todavía no"), ("ru", "ещё нет")] {
        let mut phone = enrolled(language).await;
        for answer in phone.says(early).await {
            assert!(!phone.is(&answer, "not_yet"), "{answer:?}");
        }
        let weeks = phone.wait(TimeDelta::days(20)).await;
        assert!(weeks.iter().all(|line| !phone.is(&line.body, "birth_news")), "{weeks:#?}");
    }
}

#[tokio::test]
async fn a_day_without_a_year_is_the_likeliest_one() {
    for (language, update, year) in [
        ("en", "UPDATE march 29", "2027"),
        ("es", "actualizar 29 de marzo", "2027"),
        ("ru", "обновить 29 марта", "2027"),
    ] {
        let mut phone = enrolled(language).await;
        assert_says(&phone.hears(update, "confirm_due").await, &["29", year]);
    }
    // Her due date beside the birth is no second baby.
    let mut phone = enrolled("en").await;
    phone.until("2027-04-02T10:00:00-04:00").await;
    phone.hears("My baby was born march 30, was due april 12", "ask_one_date").await;
}

#[tokio::test]
async fn who_comes_back_after_a_pause_gets_tips() {
    for ((language, yes), [pause, stop, start]) in YES.into_iter().zip([
        ["PAUSE please", "STOP", "START"],
        ["PAUSA por favor", "STOP", "START"],
        ["ПАУЗА пожалуйста", "СТОП", "СТАРТ"],
    ]) {
        let mut phone = enrolled(language).await;
        phone.goes(&[(pause, "paused"), (stop, "stopped"), (start, "start_due"), (yes, "resumed")]).await;
        assert!(!tips(&phone.wait(TimeDelta::days(9)).await).is_empty(), "{language}");
    }
}

#[tokio::test]
async fn less_means_less_from_the_first_day() {
    for (language, less) in [("en", "LESS"), ("es", "MENOS"), ("ru", "РЕЖЕ")] {
        let mut phone = enrolled(language).await;
        phone.hears(less, "less").await;
        let weeks = phone.wait(TimeDelta::days(14)).await;
        assert!(tips(&weeks).len() <= 2, "{:?}", tips(&weeks));
    }
}

#[tokio::test]
async fn twins_keep_one_birthday_when_it_is_mended() {
    let mut phone = enrolled("en").await;
    phone.goes(&[("twins", "several_due")]).await;
    phone.until("2027-04-02T10:00:00-04:00").await;
    phone.goes(&[("BORN march 30", "confirm_born_several"), ("yes", "births_done")]).await;
    phone.goes(&[("BORN march 31", "confirm_born"), ("yes", "updated_born")]).await;
    let held = phone.says("DETAILS").await.join(" ");
    assert!(held.contains("March 31") && !held.contains("March 30"), "{held}");
}

impl Phone {
    async fn hears_either(&mut self, text: &str, replies: [&str; 2]) {
        let answers = self.says(text).await;
        let either = |answer: &String| replies.iter().any(|reply| self.is(answer, reply));
        assert!(answers.len() == 1 && either(&answers[0]), "to {text:?}, {replies:?}, not {answers:#?}");
    }

    /// Whatever she is told, nothing of an earlier loss is undone.
    async fn silence_of_undo(&mut self, text: &str) {
        for answer in self.says(text).await {
            assert!(!self.is(&answer, "undone"), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_danger_whose_answer_has_not_left_is_named_by_what_takes_it_back() {
    for (language, danger, ends) in [
        ("en", "I want to die", ["I lost my baby", "stop", "delete", "wrong number"]),
        ("es", "me quiero morir", ["perdí a mi bebé", "alto", "borrar", "no soy yo"]),
        ("ru", "хочу умереть", ["я потеряла ребёнка", "стоп", "стереть", "не я"]),
    ] {
        for (end, reply) in ends.iter().zip(["loss_danger", "danger_stop", "danger_stop", "danger_stop"]) {
            let mut phone = enrolled(language).await;
            let from = phone.world.now();
            phone.world.add_fault(Fault { from, until: from + TimeDelta::hours(1), kind: FaultKind::Refuse });
            for text in [danger, *end] {
                assert!(phone.says(text).await.is_empty(), "the gateway is away");
            }
            let came = phone.wait(TimeDelta::hours(2)).await;
            assert_eq!(1, came.len(), "after {end:?}: {came:#?}");
            assert!(phone.is(&came[0].body, reply), "after {end:?}, {reply}, not {:?}", came[0].body);
        }
        // What was answered before is not said again.
        let mut phone = enrolled(language).await;
        phone.goes(&[(danger, "danger_mind"), (ends[0], "loss")]).await;
        phone.hears(ends[1], "stopped").await;
    }
}
