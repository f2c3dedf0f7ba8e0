//! The words by which a consent is known, or known to be none. Folded: small letters, without accents.

/// That she agreed, or how: each is enough by itself.
pub const WAYS: &[&str] = &[
    "yes yep yeah true ok okay agreed agrees agree consented consents consent accepted accepts",
    "paper written writing signed signature form verbal verbally oral orally aloud spoken voice phone telephone",
    "person personally face tablet online website web whatsapp sms text email",
    "si verdadero acepta acepto aceptado acuerdo conforme consiente consintio consentimiento autoriza autorizo",
    "autorizado papel escrito firmado firmada firmo firma formulario impreso oralmente verbalmente palabra voz telefono",
    "telefonica telefonicamente llamada persona presencial personalmente mensaje tableta linea correo",
    "да истина согласна согласен согласие согласилась подтвердила подтверждено",
    "бумага бумаге бумажное бумажная письменно письменное письменная подпись подписью подписала подписано анкета анкете",
    "форма форме бланк бланке устно устное словах вслух голосом лично очно телефон телефону телефонный звонок смс",
    "сообщением онлайн сайт сайте почте планшет планшете",
];

/// What stands beside it and changes nothing.
pub const BESIDE: &[&str] = &[
    "on in at the a an of via through over during and she i was gave given obtained received said clinic hospital office",
    "visit appointment intake desk registration enrollment copy file kept attached scan scanned electronic",
    "electronically digital message from me us our date dated",
    "en de del la el los las un una su al y dio dado dada dijo que lo fue durante consulta clinica hospital visita cita",
    "oficina mostrador centro salud ella yo mediante copia archivo archivado adjunto hoja electronico electronica digital",
    "fecha ante",
    "на в по с и у из при она я от о об дала дано получено клинике клиника больнице поликлинике консультации приеме визите",
    "кабинете через во разговоре своих ее электронная электронное копия оригинал дата",
];

/// What is so only behind another word: by itself it may be something still to be done.
pub const BEHIND: [(&str, &str); 3] = [("phone", "call"), ("telephone", "call"), ("face", "to")];

pub const MONTHS: &[&str] = &[
    "january february march april may june july august september october november december",
    "jan feb mar apr jun jul aug sep sept oct nov dec",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
];

/// Behind these stands who heard it: a name of a few words, each with a capital letter.
pub const WHO: &[&str] = &[
    "by with dr doctor nurse midwife mr mrs ms staff por con doctora dra enfermera enfermero partera",
    "врач врача врачом врачу медсестра медсестре медсестрой акушерка акушерке акушеркой фельдшер",
];

/// These have a small letter within a sentence: where they have a capital one, it shows no name either.
pub const SMALL: &[&str] = &["by with por con с"];

/// What stands within a name.
pub const PARTICLES: &[&str] = &["de del la las los y van von da dos"];

/// No: as the first word or the last it is her answer, and within the cell it leaves nothing of a yes.
pub const NO: &[&str] = &[
    "no not nor non none nobody never nope n without false nil 0",
    "ni nadie nunca jamas tampoco ninguno ninguna falso sin",
    "нет не ни никто никогда ложь н без",
];

/// How words begin that are a refusal wherever they stand.
pub const REFUSALS: &[&str] = &[
    "declin refus reject withdr revok revoc rescind retract cancel annul void denied deny disagree dissent optout",
    "unwilling",
    "rechaz nego niega deneg retir revoc cancel anul desist desautoriz",
    "отказ отозв отзыв отмен аннул отклон против несоглас передума недейств",
];

/// What leaves it open, wherever it stands: with a capital letter, too, it is nobody's name.
pub const DOUBTS: &[&str] = &[
    "pending later maybe perhaps unsure unknown unclear unsigned unconfirmed tbd waiting awaiting yet missing incomplete",
    "expired partial until unless cannot cant couldnt didnt doesnt dont hasnt havent isnt wasnt wont wouldnt opted out",
    "pendiente despues luego quiza quizas falta faltan desconocido incompleto vencido vencida hasta",
    "ожидает ожидается позже потом возможно неизвестно неясно пока ждет ждем истекло просрочено",
];

/// Behind these "no." stands before a number of theirs.
pub const NUMBERED: &[&str] =
    &["form file copy document record formulario hoja copia archivo documento expediente registro"];

/// Ticks, and what is put in their place.
pub const TICKS: [&str; 6] = ["✓", "✔", "☑", "✅", "+", "1"];
/// What is put where there is nothing to say.
pub const NOTHING: [&str; 4] = ["n/a", "#n/a", "n.a.", "н/д"];
