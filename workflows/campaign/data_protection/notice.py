"""The data-protection notice that every mail piece carries (GDPR art. 14; section 9 of the trade reference): a draft, and what is missing.

A notice is read for words, in French and in English, not for its sense: whatever is usually written passes, what is left out is named.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.parties.model import Person
from workflows.trade.channels import EMAIL, PHONE, TEXT_MESSAGE
from workflows.trade.legal_basis import LegalBasis


def draft_notice(facts: CampaignFacts, message_code: str) -> str:
    """A notice in French for a message, naming the lists it is sent to; a person reads, changes and signs it."""
    advertiser, owners = facts.advertiser, list_owners(facts, message_code)
    lines = [line for line in facts.live_lines if line.message == message_code]
    origin = f" Votre adresse nous a été communiquée par : {', '.join(owners)}." if owners else ""
    ways = list(dict.fromkeys(_USED.get(line.channel, _BY_POST) for line in lines)) or [_BY_POST]
    data, providers = (" et ".join(dict.fromkeys(words)) for words in zip(*ways, strict=True))
    return (
        f"{', '.join([advertiser.name, *_reached_at(facts)])}, responsable du traitement, utilise vos nom et "
        f"adresse pour vous adresser cet appel, sur le fondement de {_founded_on(facts, {line.list_id for line in lines})}.{origin} "
        f"Données traitées : identité et {data} ; destinataires : nos services et nos prestataires {providers} ; conservation : trois ans "
        "après notre dernier contact. Vous pouvez accéder à vos données, les faire rectifier ou effacer, et vous opposer sans frais à tout "
        "envoi, en nous écrivant à cette adresse ; vous pouvez aussi saisir la CNIL (www.cnil.fr)."
    )


def _reached_at(facts: CampaignFacts) -> list[str]:
    """Where the advertiser can be written to: its address, or the e-mail of whoever opened the campaign where it is without one."""
    advertiser = facts.advertiser
    if advertiser.postcode:
        return [part for part in (advertiser.address, f"{advertiser.postcode} {advertiser.town}".strip()) if part]
    opened_by_id = facts.campaign.opened_by_id
    opened_by = facts.session.get(Person, opened_by_id) if opened_by_id else None
    return [opened_by.email] if opened_by else []


_BY_POST = ("adresse postale", "d’impression et de routage")
_USED = {
    EMAIL: ("adresse électronique", "d’envoi d’e-mails"),
    TEXT_MESSAGE: ("numéro de téléphone", "d’envoi de SMS"),
    PHONE: ("numéro de téléphone", "d’appels téléphoniques"),
}
"""By what somebody is reached in a channel, and who is handed it."""


def _founded_on(facts: CampaignFacts, lists: Collection[UUID]) -> str:
    """The legal bases that were stated of lists, in words; what is unstated is the legitimate interest that letters are written on."""
    stated = {row.list_id: row.legal_basis for row in facts.list_bases}
    consented = {stated.get(one) == LegalBasis.CONSENT for one in lists}
    words = {False: "son intérêt légitime", True: "votre consentement"}
    return " ou de ".join(words[one] for one in sorted(consented)) or words[False]


def list_owners(facts: CampaignFacts, message_code: str) -> list[str]:
    """Who handed over the addresses that a message is sent to, by name: the owner of each list, or who stands for it where it is not said.

    The house's own lists have nobody to name.
    """
    used = {line.list_id for line in facts.live_lines if line.message == message_code}
    owners = (facts.supplier(row.owner_id or row.broker_id) for row in facts.lists if row.id in used and not row.is_house)
    return sorted({owner.name for owner in owners if owner})


@dataclass(frozen=True, kw_only=True)
class NoticeCheck:
    """What a notice says and lacks, by the elements' codes, in the law's order; and the list owners that it does not name."""

    present: tuple[str, ...]
    missing: tuple[str, ...]
    unnamed: tuple[str, ...]


def check_notice(facts: CampaignFacts, message_code: str, notice: str) -> NoticeCheck:
    """Read a message's notice for each element that the law asks for."""
    words = _plain(notice)
    unnamed = tuple(owner for owner in list_owners(facts, message_code) if not _names(words, owner))
    said = {
        "controller": _names(words, facts.advertiser.name),
        "contact": _any(_CONTACT, notice.lower()) or _any(_OFFICER, words),
        **{code: says(words) for code, says in _ELEMENTS.items()},
        "source": not unnamed,
        "free_means": _any(_FREE, words) or _any(_ONLINE, notice.lower()),
    }
    return NoticeCheck(
        present=tuple(code for code in ELEMENTS if said[code]),
        missing=tuple(code for code in ELEMENTS if not said[code]),
        unnamed=unnamed,
    )


ELEMENTS = (
    "controller",
    "contact",
    "purpose",
    "legal_basis",
    "source",
    "categories",
    "recipients",
    "retention",
    "rights",
    "objection",
    "free_means",
    "authority",
)
"""What the law asks for on each piece, in the order in which it is usually written."""

_CONTACT = (
    r"[\w.+-]+@[\w-]+\.\w",
    r"\b\d{5}\b",
    r"\b(?:0|\+33 ?)[1-9](?:[ .]?\d\d){4}\b",
)
"""An e-mail, a postcode, a telephone number."""
_OFFICER = (r"\bdpo\b", r"delegue.? a la protection", r"data protection (?:officer|team)", r"privacy (?:officer|team)")
_FREE = (
    r"sans (?:aucun )?frais",
    r"sans affranchir|non affranchi|ne pas affranchir|libre reponse|enveloppe (?:t|pre ?payee)\b",
    r"gratuit",
    r"numero vert|\b0 ?80[05]\b",
    r"(?:free of|without) (?:any )?(?:charge|cost)|at no (?:charge|cost)|freepost|free ?phone|prepaid|(?<!feel )\bfree\b",
)
_ONLINE = (r"[\w.+-]+@[\w-]+\.\w", r"(?:https?://|www\.)(?!(?:www\.)?cnil\.)[\w-]+\.\w")
"""An e-mail or a page of the sender's costs nothing to write to."""

_PURPOSE = (
    r"\bfinalite|\baux? fins? d|\ba des fins\b|\ben vue d|\bafin (?:de|d|que)\b|\bdans le (?:but|cadre) d|\bobjectif\b",
    r"\bpour (?:vous|nous|leur) (?!(?:y )?oppos|desinscri|desabonn|retirer|exercer)",
    r"\bpour (?:l |la |le |les |notre |nos |ses |son |sa |cet |cette |ce |des |une? )(?!exercice|exercer|droits?\b|opposition)",
    r"\bpour (?:solliciter|envoyer|adresser|gerer|collecter|faire|traiter|proposer|informer|inviter|remercier|mener)\b",
    r"\bprospection\b|\bappels? a(?:ux)? (?:don|generosite|la generosite)|\bcollecte de (?:don|fond)",
    r"\bpurpose|\bin order to\b|\bso (?:that|as to)\b|\bfund ?rais|\bmarketing\b",
    r"\bto (?:send|write to|tell|inform|ask|invite|appeal|raise|contact|let|offer|keep you informed|mail)\b",
)
_LEGAL_BASIS = (
    r"interets? legitimes?|legitimate interests?|\bconsent",
    r"\bbases? (?:legale|juridique)|\bfondement|legal (?:basis|ground)|lawful basis",
    r"\barticle 6\b|\bart 6\b|execution (?:d un|du) contrat|performance of (?:a|the) contract|mission d interet public|public interest",
)
_CATEGORIES = (
    r"\bidentite|\bcoordonnees|\bcivilite|\bprenom",
    r"\bcategories? de donnees|donnees (?:a caractere personnel |personnelles )?(?:traitees|utilisees|concernees|collectees|detenues)",
    r"\b(?:vos?|votre|les?|des?|leurs?) noms?\b|\bnoms? (?:et|adresse|prenom)|\badresses? postales?",
    r"categor(?:y|ies) of (?:personal )?data|\byour (?:full )?name|\bnames? and (?:postal )?address|contact details|\bpostal address",
    r"(?:data|information) (?:that )?(?:we )?(?:hold|process|use|keep|used|processed|held)",
)
_RECIPIENTS = (
    r"\bdestinat|\bprestataire|sous traitant|\breserve(?:e|s|es)? (?:a|aux)\b|\busage (?:strictement )?interne",
    r"\b(?:transmis|communique|cede|vendu|partage|accessible|divulgue|confie)(?:e|s|es)? "
    r"(?:a|aux?|que?|uniquement|seulement|exclusivement|avec)\b",
    r"\b(?:ne|jamais|ni|pas|non|sans etre) (?:sont |seront |etre )?(?:ni |pas |jamais |point )?"
    r"(?:transmis|communique|cede|vendu|loue|partage)",
    r"\brecipients?\b|\bshare[sd]? (?:\w+ ){0,3}with\b|\bpass(?:ed)? (?:\w+ ){0,3}on to\b|\bdisclosed? (?:only )?to\b",
    r"\b(?:never|not) (?:be )?(?:sold|shared|passed|rented)|(?:service|mailing|printing) providers?|\bprocessors?\b",
    r"\b(?:our|their) (?:printers?|mailers?|suppliers?|contractors?)",
)
_KEPT = r"\bconserv|\bgard(?:e|ons|er)|\bduree|\bsupprim|\beffac|\bkeep|\bkept|\bretain|\bretention|\bstored?\b|\bdelet|\berase"
_HOW_LONG = (
    r"\b(?:ans?|annees?|mois|jours|semaines?|years?|months?|days|weeks?)\b"
    r"|\btemps (?:necessaire|de)|\bduree (?:necessaire|de|du|strictement)|\bjusqu|\bas long as|\bfor the duration|\buntil"
)
_ACCESS = r"\baccede|\bacces\b|\baccess\b|\bconsulter vos|\bobtenir (?:une )?copie|\bcopy of"
_CORRECTION = r"\brectifi|\bcorrig|\bcorrect|\bmodifi|\bmettre a jour|\beffac|\bsupprim|\bsuppression|\beras|\bdelet|\brectify|\bupdate"
_OBJECTION = (
    r"\boppos|\bobject(?:ion|s|ing)?\b|\bopt out\b|\bunsubscribe|\bdesinscri|\bdesabonn",
    r"\b(?:ne )?plus (?:etre|recevoir|souhait|vouloir|rien recevoir)|\bne (?:souhait|voul|desir)\w+ (?:plus|pas)|\brefus",
    r"\bno (?:longer|more) (?:wish|want|receive|hear|mail|letters?)|\bstop (?:receiv|writing|mail|contact)",
    r"\bnot (?:wish|want) to (?:receive|hear)",
)
_AUTHORITY = (
    r"\bcnil\b",
    r"commission nationale (?:de l )?informatique",
    r"autorite de controle",
    r"supervisory authority|data protection authority",
)


def _any(patterns: tuple[str, ...], words: str) -> bool:
    return any(re.search(pattern, words) for pattern in patterns)


_ELEMENTS: dict[str, Callable[[str], bool]] = {
    "purpose": lambda words: _any(_PURPOSE, words),
    "legal_basis": lambda words: _any(_LEGAL_BASIS, words),
    "categories": lambda words: _any(_CATEGORIES, words),
    "recipients": lambda words: _any(_RECIPIENTS, words),
    "retention": lambda words: _any((_KEPT,), words) and _any((_HOW_LONG,), words),
    "rights": lambda words: _any((_ACCESS,), words) and _any((_CORRECTION,), words),
    "objection": lambda words: _any(_OBJECTION, words),
    "authority": lambda words: _any(_AUTHORITY, words),
}
"""Elements that words alone tell."""

_LEGAL_FORM = re.compile(r" (?:sas|sasu|sa|sarl|eurl|sci|scop|snc|gie|asbl|ltd|limited|inc)$")


def _plain(text: str) -> str:
    """Small letters without accents, and single spaces for all that is neither letter nor figure."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return re.sub(r"[^a-z0-9]+", " ", "".join(one for one in letters if not unicodedata.combining(one))).strip()


def _names(words: str, company: str) -> bool:
    """Whether a company is named, with or without its legal form."""
    return f" {_LEGAL_FORM.sub('', _plain(company))} " in f" {words} "
