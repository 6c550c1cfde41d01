"""Word stems that show that a comment touches a subject: rough, for the demo's own texts and nothing else.

Patterns are searched in lower-case text without accents.
"""

SUBJECTS = {
    "equal_treatment": {
        "en": r"profil|skin|looks? hispanic|same questions|applied to everyone|brown|where i'm from|the guy",
        "es": r"perfil racial|por raza|moren[oa]|mismas preguntas|igual para todos|por hablar espanol",
    },
    "community_trust": {
        "en": r"\btrust|confidence|respect\b",
        "es": r"confianza|\bconfio|respaldo|amable|traidor|chocaban la mano",
    },
    "crime_reporting": {
        "en": r"\b911\b|witness|u[- ]visa|victims?\b|hang-up call|didn't call",
        "es": r"denunci|testigo|visa u|victima|\bllame\b|llamar",
    },
    "public_safety": {
        "en": r"robbed|robber|gang\b|gangs|needle|dui\b|drunk|stabb|offender|taillight|crime|burgl|fentanyl",
        "es": r"asalt|pandilla|\brob[aoe]|segur|delincuente|fentanilo|delito|luz fundida",
    },
    "rule_of_law": {
        "en": r"the law\b|illegal|civil (?:matter|or)|elected|right way|out of status",
        "es": r"\bley\b|falta civil|orden de deport|estado de derecho|constitucion",
    },
    "family_unity": {
        "en": r"famil|my kids|her dad|their dad|foster|guardianship",
        "es": r"familia|separa|sin su papa|\bmi hija|mis hij|hijos",
    },
    "due_process_rights": {
        "en": r"due process|fourth amendment|constitution|warrant|judge\b",
        "es": r"debido proceso|cuarta enmienda|orden administrativa|juez|constitucion",
    },
    "legal_liability": {
        "en": r"liab|settle|insurer|tort\b|legal risk|civil-rights claim",
        "es": r"demandas?\b|reclamos|rendicion de cuentas|abogad",
    },
    "cost_resources": {
        "en": r"\$\d|\btax(?:es)?\b|budget|overtime|short on patrol|posts first",
        "es": r"\$\d|impuesto|presupuesto|cuesta|costos?\b|\bgast|un solo agente",
    },
    "federal_local_roles": {
        "en": r"federal|washington|local control|their own work",
        "es": r"federal|migra\b|migracion",
    },
    "scope_model": {
        "en": r"only the jail|only jail|jail only|checkpoint|task force|traffic|on the road|3\.1|18\.1",
        "es": r"solo (?:en )?la carcel|parada|reten|patrulla|luz fundida|manejar sin|18\.1",
    },
    "training_conduct": {
        "en": r"train|exam\b|supervis|mask|camera|badge",
        "es": r"capacit|entren|supervis|mascara|placa|camara|curso",
    },
    "data_privacy": {
        "en": r"fingerprint|database|license plate|identity",
        "es": r"huella|bases? de datos|datos|identific",
    },
    "oversight_transparency": {
        "en": r"report\b|publish|public numbers|audit|committee|complaint|end date",
        "es": r"cifras|informes?\b|comite|queja|publi[cq]|rendicion",
    },
    "access_services": {
        "en": r"school|clinic|church|pantry|hospital|library|day care",
        "es": r"escuela|clinica|iglesia|misa|hospital|secundaria|vacuna",
    },
    "health_wellbeing": {
        "en": r"afraid|scared|\bfear\b|sleep|trauma|insulin",
        "es": r"miedo|ansiedad|anciedad|duerme|angustia|susto|temblando",
    },
    "economy_work": {
        "en": r"harvest|\bwage|crews?\b|h-2a|orchard|dair(?:y|ies)|framer|contractor|competitor",
        "es": r"negocio|tienda|cuadrilla|salario|h-2a|clientes|empacadora|planta\b|patron",
    },
    "belonging_dignity": {
        "en": r"neighbor|scripture|dignity|humane|christian|decent",
        "es": r"gente trabajadora|dignidad|human[oa]s?\b|\bla fe\b|gente buena|paisanos|ingratitud",
    },
    "victims_of_crime": {
        "en": r"survivor|i was the victim|victims will|hit my brother|beaten|assaulted|cemetery|robbed",
        "es": r"fui victima|golpea|asaltaron|mato|me pego|rompio el brazo|amarraron|borracho",
    },
    "detention_conditions": {
        "en": r"detention company|dentist|overcrowded|per bed|nurse and a phone|insulin",
        "es": r"estuvo detenid|centro privado|hora de visita|a que centro|un medico|centro a mil",
    },
    "process_engagement": {
        "en": r"meeting|hearing|first draft|notice\b|asked\b",
        "es": r"junta|escuchan?\b|borrador|nos oyeron|les tengamos",
    },
    "alternatives_safeguards": {
        "en": r"if you sign|if the sheriff signs|condition|would add|in writing|end date|rather",
        "es": r"pedimos|pediria|dejen escrito|recomiendo|agregar|con limites|primero arreglen|que publiquen",
    },
    "information_request": {"en": r"\?", "es": r"\?"},
}
