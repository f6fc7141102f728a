"""The data-protection notice that every mail piece carries (GDPR art.

14; section 9 of the trade reference). Words, and what they may not lack.
"""

from workflows.campaign.facts import CampaignFacts


def draft_notice(facts: CampaignFacts, message_code: str) -> str:
    """A notice in French for a message, naming the lists it is sent to; a person reads, changes and signs it."""
    advertiser = facts.advertiser
    used = {line.list_id for line in facts.live_lines if line.message == message_code}
    rented = [row for row in facts.lists if row.id in used and not row.is_house]
    owners = sorted({owner.name for row in rented if (owner := facts.supplier(row.owner_id))})
    origin = f" Votre adresse nous a été communiquée par : {', '.join(owners)}." if owners else ""
    return (
        f"{advertiser.name}, {advertiser.address}, {advertiser.postcode} {advertiser.town}, responsable du traitement, utilise vos nom et "
        f"adresse pour vous adresser cet appel, sur le fondement de son intérêt légitime.{origin} Données traitées : identité et adresse "
        "postale ; destinataires : nos services et nos prestataires d’impression et de routage ; conservation : trois ans après notre "
        "dernier contact. Vous pouvez accéder à vos données, les faire rectifier ou effacer, et vous opposer sans frais à tout envoi, en "
        "nous écrivant à cette adresse ; vous pouvez aussi saisir la CNIL (www.cnil.fr)."
    )


def missing_elements(facts: CampaignFacts, message_code: str, notice: str) -> list[str]:
    """What a notice lacks, by code: `controller`, `objection`, `authority`, `source`; empty when nothing."""
    words = notice.lower()
    used = {line.list_id for line in facts.live_lines if line.message == message_code}
    owners = {owner.name.lower() for row in facts.lists if row.id in used and not row.is_house and (owner := facts.supplier(row.owner_id))}
    missing = []
    if facts.advertiser.name.lower() not in words:
        missing.append("controller")
    if "oppos" not in words and "object" not in words:
        missing.append("objection")
    if "cnil" not in words:
        missing.append("authority")
    if not all(owner in words for owner in owners):
        missing.append("source")
    return missing
