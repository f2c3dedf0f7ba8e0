//! What the pages of who works here say.

use crate::web::console::tongue::{fill, words};

words! {
    /// What the pages say.
    pub Words {
        title: "Staff", "Equipo", "Сотрудники";
        lead: "Who works at this console, and what each may do.", "Quién trabaja en esta consola y qué puede hacer cada cual.", "Кто работает в этой консоли и что кому разрешено.";
        person: "Person", "Persona", "Сотрудник";
        roles: "Roles", "Funciones", "Роли";
        state: "State", "Estado", "Состояние";
        invite: "Invite somebody", "Invitar a alguien", "Пригласить";
        invite_what: "You are given a link for them, good for three days. Give it to them yourself: this service sends no e-mail.", "Recibirá un enlace para esa persona, válido tres días. Entrégueselo usted: este servicio no envía correos.", "Вы получите ссылку для этого человека, она действует три дня. Передайте её сами: служба не отправляет писем.";
        name: "Name", "Nombre", "Имя";
        name_hint: "The name shown beside what this person does.", "El nombre que aparecerá junto a lo que haga.", "Это имя будет показано рядом с действиями.";
        email: "E-mail address", "Correo electrónico", "Адрес электронной почты";
        language: "Language", "Idioma", "Язык";
        may: "What they may do", "Qué puede hacer", "Что разрешено";
        every: "every program", "todos los programas", "все программы";
        make: "Invite and show the link", "Invitar y mostrar el enlace", "Пригласить и показать ссылку";
        link_for: "Give {name} this link. It works once, for three days, and is not shown again:", "Entregue a {name} este enlace. Sirve una vez, durante tres días, y no se vuelve a mostrar:", "Передайте {name} эту ссылку. Она действует один раз в течение трёх дней и больше не показывается:";
        email_taken: "There is an account for this address already.", "Ya hay una cuenta con este correo.", "Учётная запись с этим адресом уже есть.";
        no_email: "This is no e-mail address.", "Esto no es un correo electrónico.", "Это не адрес электронной почты.";
        name_taken: "Somebody already has this name. Choose another, so that it is clear who did what.", "Ya hay alguien con este nombre. Elija otro, para que se vea quién hizo qué.", "Такое имя уже есть. Выберите другое, чтобы было видно, кто что сделал.";
        no_name: "A name is needed.", "Hace falta un nombre.", "Нужно имя.";
        no_role: "Choose at least one role.", "Elija al menos una función.", "Выберите хотя бы одну роль.";
        viewer: "Viewer", "Observador", "Наблюдатель";
        viewer_what: "Sees totals only: no phone numbers, nothing mothers wrote.", "Solo ve totales: ni números de teléfono ni lo que escriben las madres.", "Видит только итоги: ни номеров, ни сообщений мам.";
        operator: "Operator", "Operador", "Оператор";
        operator_what: "Watches delivery; reads mothers’ pages and sees a number with a reason; does for a mother what she may do herself, enrolls, answers, sends broadcasts; reads the library.", "Vigila la entrega; lee las fichas de las madres y ve un número si indica el motivo; hace por una madre lo que ella misma puede hacer, inscribe, contesta, hace envíos masivos; lee la biblioteca.", "Следит за доставкой; читает страницы мам и видит номер, указав причину; делает за маму то, что может она сама, записывает, отвечает, ведёт рассылки; читает библиотеку.";
        helpdesk: "Helpdesk", "Atención a las madres", "Служба поддержки";
        helpdesk_what: "Reads mothers’ pages and sees a number with a reason; answers what mothers write; reads the library.", "Lee las fichas de las madres y ve un número si indica el motivo; responde a lo que ellas escriben; lee la biblioteca.", "Читает страницы мам и видит номер, указав причину; отвечает на то, что пишут мамы; читает библиотеку.";
        author: "Author", "Autor", "Автор";
        author_what: "Writes and translates tips; sees totals.", "Escribe y traduce los consejos; ve totales.", "Пишет и переводит советы; видит итоги.";
        reviewer: "Reviewer", "Revisor", "Проверяющий";
        reviewer_what: "Signs what others wrote, and publishes; sees totals.", "Firma lo que otros escribieron y lo publica; ve totales.", "Подписывает написанное другими и публикует; видит итоги.";
        administrator: "Administrator", "Administrador", "Администратор";
        administrator_what: "Says who may do what, and reads the audit; and does all that an operator does: mothers’ pages, numbers, answers, broadcasts. Does not write or sign tips.", "Decide quién puede hacer qué y lee la auditoría; además hace todo lo que hace un operador: fichas de las madres, números, respuestas, envíos masivos. No escribe ni firma consejos.", "Решает, кому что разрешено, и читает журнал действий; кроме того, делает всё, что делает оператор: страницы мам, номера, ответы, рассылки. Не пишет и не подписывает советы.";
        with_password: "Signs in with a password", "Entra con contraseña", "Входит по паролю";
        with_codes: "Signs in with a password and codes", "Entra con contraseña y códigos", "Входит по паролю и кодам";
        invited: "Invited, until {day}", "Con invitación hasta el {day}", "Приглашение до {day}";
        link_old: "The link is too old", "El enlace ha caducado", "Ссылка устарела";
        closed: "Closed since {day}", "Cerrada desde el {day}", "Закрыта с {day}";
        save: "Save the roles", "Guardar las funciones", "Сохранить роли";
        saved: "The roles are saved.", "Las funciones se han guardado.", "Роли сохранены.";
        elsewhere: "Roles in programs that you do not administer stay as they are.", "Las funciones en programas que usted no administra quedan como están.", "Роли в программах, которыми вы не управляете, остаются прежними.";
        new_link: "A new link", "Un enlace nuevo", "Новая ссылка";
        new_link_what: "For somebody who forgot the password, or lost the phone with the codes. The old password is void at once, codes are turned off, and all sessions end.", "Para quien olvidó la contraseña o perdió el teléfono de los códigos. La contraseña anterior deja de servir en el acto, se desactivan los códigos y se cierran todas las sesiones.", "Для тех, кто забыл пароль или потерял телефон с кодами. Прежний пароль сразу перестаёт действовать, коды отключаются, все сеансы завершаются.";
        give_link: "Make a new link", "Crear un enlace nuevo", "Создать новую ссылку";
        close: "Close the account", "Cerrar la cuenta", "Закрыть учётную запись";
        close_what: "Nobody signs in by it any more, and its sessions end. What they did stays in the audit.", "Nadie vuelve a entrar con ella y se cierran sus sesiones. Lo que hizo queda en la auditoría.", "Войти по ней больше нельзя, сеансы завершаются. Сделанное остаётся в журнале.";
        reopen: "Open it again", "Volver a abrirla", "Открыть снова";
        closed_now: "The account is closed.", "La cuenta se ha cerrado.", "Учётная запись закрыта.";
        reopened: "The account is open again. Give a new link if the password is forgotten.", "La cuenta está abierta de nuevo. Cree un enlace nuevo si olvidó la contraseña.", "Учётная запись снова открыта. Если пароль забыт, создайте новую ссылку.";
        last: "Nobody would be left who can let others in. Make somebody else an administrator first.", "No quedaría nadie que pueda dar acceso a otros. Nombre antes a otro administrador.", "Не останется никого, кто может давать доступ. Сначала назначьте другого администратора.";
        deeds: "What they did", "Qué ha hecho", "Что сделано";
    }
}

impl Words {
    /// What is said beside a link for somebody.
    pub fn link_for_name(&self, name: &str) -> String {
        fill(self.link_for, &[("name", name)])
    }
}
