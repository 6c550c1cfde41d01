# ruff: noqa: E501 - sentences are easier to read on one line each
"""What letters and comments about an agreement are made of, written for `campaign_sets`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Sentences that organisations write; a letter is some of them in some order.
LETTER_SENTENCES: Mapping[str, Sequence[str]] = {
    "en": (
        "I am writing about the memorandum that would deputize jail staff to carry out federal immigration work.",
        "As somebody who has lived here for many years, I ask the board to weigh this decision with care.",
        "The sheriff's office is already short of deputies, and every hour spent on paperwork for others is lost.",
        "Neighboring counties that signed such agreements saw overtime rise faster than anybody had budgeted for.",
        "When people fear that any contact with a deputy may end in deportation, they stop reporting crimes.",
        "Victims of domestic violence in particular will think twice before they dial 911 from their kitchen.",
        "A detainer without a warrant has been found unlawful by more than one federal court in this circuit.",
        "Taxpayers, not Washington, pay the settlement when somebody with papers is held over the weekend by mistake.",
        "Screening the fingerprints of those who are booked for serious offenses is ordinary good police work.",
        "Federal partners give our deputies training and information that a county of this size could never buy.",
        "A criminal record should matter more than the question of which side of a line a person was born on.",
        "Nobody who keeps the law has anything to fear from a check that takes place inside the jail after an arrest.",
        "The clinic on Main Street has watched appointments fall whenever rumors of raids go round the trailer parks.",
        "Teachers tell us that children cry in class because they do not know who will pick them up in the afternoon.",
        "Our dairies and orchards depend on workers who have been part of these valleys for two generations.",
        "Safe roads, quick answers to burglaries and help for addicts are what we pay our sheriff's deputies for.",
        "The agreement may be ended by either party at any time, so trying it for one year carries little risk.",
        "Public hearings were announced four days before they took place, and no interpreter was in the room.",
        "I would like to see figures on arrests, costs and complaints published every quarter on the county's site.",
        "Faith communities from three denominations have offered to meet with the commissioners about this proposal.",
        "Please vote against the memorandum and put the money into the understaffed night shift instead.",
        "Please vote for the memorandum and let the sheriff do what the voters elected him to do last November.",
        "We remember what happened to families in the poultry plants when buses came before sunrise that August.",
        "A warrant service officer acts only on people who are already in custody, which is a narrow and clear task.",
        "Those who entered through the front door, waited years and paid every fee deserve to see the rules applied.",
        "Trust between patrol officers and immigrants took a decade to build and can be lost in one single evening.",
        "The insurance pool has warned in writing that premiums will go up if the county takes on this liability.",
        "Whatever the board decides, it should first adopt a written policy against stops that rest on looks or accent.",
        "Drug traffickers use the interstate, and deputies who can see federal databases will find more of them.",
        "Small towns like ours cannot afford to become a holding facility for the whole region of the state.",
        "I have read the draft word for word and could not find who would supervise the officers once they are trained.",
        "Thank you for reading the letters of residents, and for making the record of this decision open to everyone.",
    ),
    "es": (
        "Le escribo por el convenio que permitiría al personal de la cárcel hacer trabajo federal de inmigración.",
        "Como vecina de este condado desde hace muchos años, pido a la junta que piense bien esta decisión.",
        "La oficina del alguacil ya tiene pocos agentes y cada hora de papeleo ajeno es una hora que se pierde.",
        "En los condados vecinos que firmaron algo parecido, las horas extras subieron más de lo presupuestado.",
        "Cuando la gente teme que hablar con un agente termine en una deportación, deja de denunciar los delitos.",
        "Sobre todo las víctimas de violencia en el hogar lo pensarán dos veces antes de marcar el 911.",
        "Más de un tribunal federal ha dicho que retener a una persona sin orden judicial es contrario a la ley.",
        "Somos los contribuyentes quienes pagamos cuando alguien con papeles pasa el fin de semana preso por error.",
        "Revisar las huellas de quienes llegan a la cárcel por delitos graves es parte del trabajo policial de siempre.",
        "Los socios federales dan a nuestros agentes una capacitación que un condado pequeño no podría pagar.",
        "Los antecedentes de una persona deberían importar más que el lugar donde le tocó nacer.",
        "Quien respeta la ley no tiene nada que temer de una consulta que se hace dentro de la cárcel.",
        "La clínica de la calle principal ve vacías sus salas cada vez que corren rumores de redadas.",
        "Las maestras cuentan que los niños lloran porque no saben quién va a recogerlos por la tarde.",
        "Las lecherías y los huertos viven del trabajo de familias que llevan dos generaciones en estos valles.",
        "Caminos seguros y respuesta rápida a los robos es lo que esperamos de nuestros agentes.",
        "Cualquiera de las partes puede terminar el convenio, así que probarlo un año tiene poco riesgo.",
        "Las audiencias se anunciaron cuatro días antes y en la sala no había nadie que interpretara.",
        "Quisiera ver publicadas cada trimestre las cifras de arrestos, de costos y de quejas.",
        "Iglesias de tres denominaciones se han ofrecido a reunirse con los comisionados para hablar del asunto.",
        "Vote usted en contra del convenio y destine ese dinero a los turnos de noche, que están sin cubrir.",
        "Vote usted a favor del convenio y deje que el alguacil haga aquello para lo que fue elegido.",
        "Todavía recordamos aquella madrugada de agosto en que los autobuses llegaron a las plantas de pollo.",
        "El modelo de servicio de órdenes solo toca a quienes ya están detenidos, y esa es una tarea clara.",
        "Quienes esperaron años e hicieron cada trámite merecen que las reglas se apliquen a todos por igual.",
        "La confianza entre las patrullas y los inmigrantes tardó diez años y puede perderse en una noche.",
        "La aseguradora ha avisado por escrito que las primas subirán si el condado acepta esta responsabilidad.",
        "Decida lo que decida, la junta debería prohibir primero que se detenga a alguien por su aspecto o su acento.",
        "Los traficantes usan la carretera interestatal y con las bases federales se encontraría a más de ellos.",
        "Un pueblo como el nuestro no puede convertirse en el lugar de detención de toda la región.",
        "He leído el borrador palabra por palabra y no dice quién supervisará a los agentes ya capacitados.",
        "Gracias por leer las cartas de los residentes y por dejar abierto a todos el expediente de esta decisión.",
    ),
}
GREETINGS: Mapping[str, Sequence[str]] = {
    "en": ("Dear commissioners,", "To the board:", "Dear Sheriff and members of the board,", "Hello,", ""),
    "es": (
        "Estimados comisionados:",
        "A la junta:",
        "Señor alguacil y señores de la junta:",
        "Buenas tardes:",
        "",
    ),
}
CLOSINGS: Mapping[str, Sequence[str]] = {
    "en": ("Sincerely,", "Respectfully,", "Thank you,", "Best regards,"),
    "es": ("Atentamente,", "Respetuosamente,", "Muchas gracias,", "Cordialmente,"),
}
NAMES: Sequence[str] = (
    "Rosa Delgado", "Tom Whitaker", "Aisha Grant", "Miguel Ángel Peña", "Karen O'Neill", "José Luis Ibarra",
    "Beth Kowalski", "Lupe Armijo", "D. Hatch", "María Fernanda Ríos", "Ray Sundquist", "Pilar Montoya",
)  # fmt: skip
TOWNS: Sequence[str] = (
    "Cedar Bluff", "Las Palomas", "Juniper", "Mill Fork", "San Isidro", "East Harmon", "Ojo Frío", "Dry Lake",
    "Pine Hollow", "Santa Rita", "Garnet", "Wolf Creek",
)  # fmt: skip
# What people add of their own, and what they write alone, is put together of these: {0} is one of WORDS[0].
CLAUSES: Mapping[str, Sequence[str]] = {
    "en": (
        "my {0} {1}", "the {2} had a {3}", "nobody could {4}", "in {5} we heard about the {3}",
        "somebody from the {2} {1}", "I learned to {4}", "{5} was hard on the {2}", "a {3} is no small thing",
        "they asked my {0} to {4}", "it was the {3} that hurt the {2}", "a {0} near the {2} {1}",
        "we had to {4} before {5}", "every {0} I know {1}", "who will {4} after the {3}",
    ),
    "es": (
        "mi {0} {1}", "en {2} hubo {3}", "nadie pudo {4}", "por {5} supimos de {3}", "alguien de {2} {1}",
        "aprendí a {4}", "{5} fue difícil para {2}", "{3} no es poca cosa", "a mi {0} le pidieron {4}",
        "fue {3} lo que dañó {2}", "una {0} cerca de {2} {1}", "tuvimos que {4} antes de {5}",
        "toda {0} que conozco {1}", "quién va a {4} después de {3}",
    ),
}  # fmt: skip
LINKS: Mapping[str, Sequence[str]] = {
    "en": (" and ", " because ", ", so ", " although ", " until ", "; ", " when ", ", while ", " but "),
    "es": (
        " y ",
        " porque ",
        ", así que ",
        " aunque ",
        " hasta que ",
        "; ",
        " cuando ",
        ", mientras ",
        " pero ",
    ),
}
WORDS: Mapping[str, Sequence[Sequence[str]]] = {
    "en": (
        ("brother", "daughter", "neighbor", "grandmother", "tenant", "coworker", "nurse", "student", "cousin", "foreman",
         "landlord", "aunt", "mechanic", "roommate", "pastor", "stepson"),
        ("works nights", "waits for the bus", "translates for others", "was stopped twice", "reads the notices",
         "keeps quiet", "pays the fine", "calls the hotline", "fixes the trucks", "sings on Sundays", "lost a job",
         "drives to court", "plants chile", "moved away", "came home late", "sells tamales"),
        ("courthouse", "feed store", "school gate", "county fair", "laundromat", "packing shed", "river bridge",
         "library", "bus depot", "food bank", "chapel", "gas station", "ball field", "mill", "dollar store", "bank"),
        ("broken taillight", "paper trail", "locked door", "rumor", "court date", "promise", "second shift",
         "flat tire", "signature", "badge", "phone tree", "bond hearing", "checkpoint", "deadline", "receipt", "lease"),
        ("speak up", "sleep", "sign anything", "go back", "ask for help", "drive alone", "open the door",
         "find a lawyer", "pay rent", "tell the truth", "leave town", "wait outside", "carry papers", "stay calm"),
        ("March", "the winter", "2019", "harvest time", "the flood year", "June", "Lent", "the first snow", "October",
         "hunting season", "the strike", "spring break"),
    ),
    "es": (
        ("hermano", "hija", "vecina", "abuela", "inquilina", "compañera", "enfermera", "alumna", "prima", "tía",
         "patrona", "cuñada", "sobrina", "suegra", "comadre", "maestra"),
        ("trabaja de noche", "espera el camión", "traduce para otros", "perdió el empleo", "lee los avisos",
         "se queda callada", "paga la multa", "llama al abogado", "arregla motores", "canta los domingos",
         "maneja a la corte", "siembra chile", "se mudó lejos", "llegó tarde", "vende tamales", "cuida niños"),
        ("la corte", "la tienda de forraje", "la escuela", "la feria", "la lavandería", "la empacadora", "el puente",
         "la biblioteca", "la terminal", "el banco de comida", "la capilla", "la gasolinera", "el campo de béisbol"),
        ("una luz rota", "un papel perdido", "una puerta cerrada", "un rumor", "una cita", "una promesa",
         "un segundo turno", "una llanta baja", "una firma", "una placa", "un retén", "un plazo", "un recibo"),
        ("hablar", "dormir", "firmar nada", "regresar", "pedir ayuda", "manejar sola", "abrir la puerta",
         "buscar abogado", "pagar la renta", "decir la verdad", "salir del pueblo", "esperar afuera"),
        ("marzo", "invierno", "2019", "la cosecha", "el año de la crecida", "junio", "cuaresma", "octubre",
         "la primera nevada", "la huelga", "primavera", "la temporada de caza"),
    ),
}  # fmt: skip
SHORT: Mapping[str, Sequence[str]] = {
    "en": (
        "I support this.", "I oppose this.", "Vote no!", "Please vote yes.", "No 287(g) in our county.",
        "Back the sheriff.", "Stop this now, please.", "I am against the agreement.", "Thank you for your work.",
        "Keep ICE out of our jail.", "Yes to law and order.", "We say no to 287(g).",
    ),
    "es": (
        "Apoyo esto.", "Me opongo.", "¡Voten que no!", "Por favor voten que sí.", "No al 287(g) en el condado.",
        "Estoy en contra del convenio.", "Gracias por su trabajo.", "Que se aplique la ley.", "Fuera ICE de la cárcel.",
    ),
}  # fmt: skip
FORMS: Mapping[str, Sequence[str]] = {
    "en": (
        "As a {0} from {1}, I ask the county commissioners to say no to the 287(g) program and yes to our neighbors.",
        "My name is on this card because the {0} in my family deserves a sheriff who works with federal agents.",
    ),
    "es": (
        "Como {0} de {1}, pido a los comisionados del condado que digan no al programa 287(g) y sí a los vecinos.",
        "Firmo esta tarjeta porque la {0} de mi familia merece un alguacil que trabaje con los agentes federales.",
    ),
}
