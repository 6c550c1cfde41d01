"""How English says somebody's immigration status: the patterns of `engage.analysis.status_disclosure`.

Somebody who is the writer's own or named, words that may stand between, and what is said of their status.
Text is folded: no accents, plain quotation marks.
"""

from __future__ import annotations

from engage.analysis.personal_names import CAPITAL, NAMED, NOT_A_NAME

_KIN = (
    r"(?:(?:step|half|grand|god|foster)[ -]?)?(?:husband|wife|spouse|partner|boyfriend|girlfriend"
    r"|fiancee?|sons?|daughters?"
    r"|brothers?|sisters?|siblings?|mothers?|fathers?|mom|mum|mama|dad|daddy|papa|parents?|kids?|child"
    r"|children|cousins?|uncles?"
    r"|aunts?|nephews?|nieces?|grandma|grandpa|family|in-laws|(?:mother|father|brother|sister|son"
    r"|daughter)-in-law|relatives?)"
)
_NEAR = (
    r"(?:neighbou?rs?|friends?|roommates?|boss|co-?workers?|colleagues?|employees?|nanny|babysitter"
    r"|housekeeper|maid|gardener|cook"
    r"|foreman|students?|tenants?|landlord|cleaning lady|caregiver|mechanic|classmates?|pastor|ex)"
)
_PERSON = rf"(?:{_KIN}|{_NEAR})"
_ADJECTIVES = (
    r"(?:(?:own|older|younger|little|big|next[ -]door|best|late|dear|elderly|oldest|youngest|then|good"
    r"|close|poor|dead|kids'|child's) ){0,2}"
)
_OWN = rf"(?:my|our) {_ADJECTIVES}(?:{_PERSON}'s? )?{_PERSON}\b(?!'s){NAMED}"
_PRONOUN = r"(?:i'm|im|i've|i'd|i|we're|we've|we)"
_SOMEBODY = (
    rf"(?:\b(?:(?:two|three|some|both|one|half|many|most|several|all|a few|each) of )?{_OWN}(?: and i\b)?"
    rf"|\b{_PRONOUN}\b"
    # A named person, with what they are to the writer or to others beside the name.
    rf"|\b{NOT_A_NAME}{CAPITAL} (?:{CAPITAL} )?{CAPITAL}(?:, (?:my|our|the|who"
    rf"|a)\b[^.,;!?\n]{{1,40}},)?(?= (?:is|was|has|had|never|doesn't|got|lost|overstayed|crossed|came"
    rf"|entered|snuck)\b)"
    rf"|\bthe (?:guy|man|woman|lady|girl|boy|kid|cook|owner|worker|driver|neighbou?r|waitress|waiter"
    rf"|couple)\b[^.,;!?\n]{{0,40}}, {CAPITAL}(?: {CAPITAL}){{0,2}},)"
)
_FILL = (
    r"(?: (?:both|all|also|too|still|currently|just|now|actually|only|once|always|here|there|living|has"
    r"|have|had|is|am|are|was|were|been"
    r"|being|'s|admit|this|country|county|as|who|for|many|my|whole|life|since|about|almost|over|years?"
    r"|ago|in|19\d\d|20\d\d|\d{1,2}"
    r"|proud|proudly|and|wife|i|myself|technically)\b,?){0,7}"
)
_NO_NOUN = (
    r"(?! ?(?:im)?migrants? (?:right|communit|advoca|popul)| (?:people|neighbors?|famil\w+|workers?"
    r"|students|kids|communit\w+|folks|population"
    r"|friends|search\w*|arrest\w*|detain\w*|detention|held|stop\w*|activit\w+|parking|act)\b|-)"
)
_PAPERS = (
    r"(?:papers|legal papers|legal status|immigration status|(?:legal )?status(?! (?:on|of|update"
    r"|report|quo))|green cards?|(?:legal )?documents(?! (?:of|for|on|to|that|about|from))"
    r"|documentation(?! (?:of|for|on|to|that|about|from)))"
)
_LACKS = (
    rf"(?:no|never (?:had|got|received)(?: (?:any|my|his|her|their|our))?|without(?: any| my| his| her"
    rf"| their)?) (?:valid |proper |legal )?{_PAPERS}"
)
_LACKS_BY_VERB = (
    r"(?:(?:do|does|did|has|have|had) ?(?:not|never)|don't|doesn't|didn't|haven't|hasn't|never)(?: yet"
    r"| currently| even| ever)?"
    rf" (?:have|had|get|got|gotten|receive|received)(?: (?:any|a|my|his|her|their|our|legal|valid"
    rf"|proper|real|the|right))* {_PAPERS}"
)
_NOT_FOR_OTHERS = (
    r"(?! (?:students?|clients?|friends|kids|recipients|famil\w+|employees|workers|patients|holders"
    r"|neighbors))"
)
_IS = (
    rf"(?:undocumented|unauthorized|an? (?:undocumented|unauthorized|illegal)(?: (?:immigrant|alien"
    rf"|worker|resident|person|mother|mom|father|dad|parent|student|migrant|young \w+|woman"
    rf"|man))?{_NO_NOUN}"
    rf"|(?:here|living here|in (?:this|the) (?:country|county|us|usa|states)|staying here"
    rf"|working here) (?:illegally|unlawfully|without)"
    rf"|(?:here )?illegal(?: (?:alien|immigrant)s?)?(?! (?:to|for|that)\b)|illegals|out of status"
    rf"|daca(?:mented)?{_NOT_FOR_OTHERS}|an? (?:\w+ )?(?:daca|tps|asylum) (?:recipient|holder"
    rf"|beneficiary|seeker|applicant|student)"
    r"|(?:daca|tps) (?:recipient|holder)s|asylum seekers|seeking asylum|(?:applied|applying) for asylum"
    r"|on an? (?:expired|overstayed|fake)? ?(?:student|work|tourist|visitor)?'?s? ?visa|(?:in|under"
    r"|facing) (?:deportation|removal)"
    r"(?: proceedings| order)?|fac(?:e|es|ing) deportation|(?:under|with) an? (?:deportation"
    r"|removal) order|deported"
    r"|waiting (?:on|for) (?:my|his|her|their|our) (?:green card|papers|visa|asylum|work permit"
    r"|immigration case|u visa|hearing)"
    r"|not (?:here legally|legal|documented|a legal resident|authorized to be here|in status"
    r"|lawfully present)"
    r"|an? (?:green card holder|(?:lawful |legal )?permanent resident)|green card holders)"
)
_DOES = (
    r"(?:overstayed(?: (?:my|his|her|their|our|a|the)(?: \w+)? visas?)?|(?:crossed|snuck|came|entered"
    r"|got|arrived|immigrated|moved)"
    r"(?: (?:the|into|in|over|across|up|here|to|this|country|us|border|river|desert|from \w+|back"
    r"|when \w+ \w+ \w+)){0,4}"
    r" (?:illegally|unlawfully|without (?:papers|documents|inspection|permission|a visa|authorization))"
    r"|(?:illegally )?(?:crossed|snuck across|swam across) the (?:border|river|desert|rio grande)"
    r"|illegally (?:came|entered|crossed)"
    rf"|(?:have|has|had|'ve|got|get|gets|with|on) (?:an? (?:pending |active |final "
    rf"|old )?(?:deportation|removal|asylum|immigration) (?:order|case|hearing)|(?:a |an )?(?:my |his "
    rf"|her |their )?(?:daca|tps|temporary protected status|ice hold|ice detainer){_NOT_FOR_OTHERS})"
    r"|(?:lost|renewed|renewing|renew) (?:my|his|her|their|our) (?:daca|tps|status|work permit"
    r"|green card|residency)"
    r"|(?:was|were|got|has been|have been|been) deported|(?:applied|filed) for asylum|(?:is|are|am|'m"
    r"|'re) seeking asylum)"
)
# Somebody and a status, one pattern a way of saying it. To be matched without regard to capitals.
ENGLISH = (
    (
        rf"{_SOMEBODY}(?:{_FILL}(?: (?:{_IS}|{_LACKS}|{_DOES})|(?:,| who| and"
        rf"|) (?:{_LACKS_BY_VERB})))\b{_NO_NOUN}"
    ),
    rf"\b(?:my|our) (?:undocumented|unauthorized) {_PERSON}\b",
    (
        rf"\b(?:i|we)(?: (?:and|my|wife|husband|\w+ly|here|over)){{0,3}} (?:{_DOES}|(?:live|lived"
        rf"|am living|work|worked|stay|stayed|came|grew up)(?: (?:here|in|this|country|to|the|us|for"
        rf"|\d+|years|\w+ly)){{0,5}} (?:illegally|without (?:papers|documents|inspection|status"
        rf"|legal status)))\b"
    ),
    (
        rf"\b{_OWN}'s? (?:asylum|immigration|deportation|removal|visa|u visa|green card) (?:case"
        rf"|hearing|application|status|petition|interview|order)\b"
    ),
    (
        rf"\b(?:my|our) (?:{_PERSON}'s )?(?:asylum|deportation|removal|immigration) (?:case|hearing"
        rf"|application|petition|interview|order)\b"
    ),
    (
        r"\bwait(?:ing|ed)? (?:on|for) (?:my|our) (?:\w{2,12}'s? )?(?:green card|papers|visa|asylum"
        r"|work permit|immigration case)\b"
    ),
    (
        rf"\b(?:my|our) (?:{_PERSON}'s )?(?:\w+ )?(?:visa|green card|work permit|daca|tps|residency"
        rf"|immigration status) (?:\w+ )?(?:has |have |had |is |was |got )?(?:expired|ran out|lapsed"
        rf"|revoked|denied|up for renewal|renewal|pending)\b"
    ),
    (
        r"(?:^ ?|[.!?;,\n] ?|\bi \w+ |speak\w* |writ\w+ )as an? (?:undocumented|daca|asylum|tps"
        r"|daca-eligible) \w+(?! (?:advocate|lawyer|attorney|you))"
    ),
    rf"\bi'?m (?:an )?illegal\b{_NO_NOUN}",
)
