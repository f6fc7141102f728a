"""Monitor seeds in the mailing: written as every other address is, under ids of their own."""

from tasks.lots.mailing import seed_rows


def test_a_seed_stands_in_every_lot_as_a_row_of_the_mailing() -> None:
    address = {
        "CIVILITE": "M",
        "PRENOM": "André",
        "NOM": "Richardot",
        "ADR1": "16, rue du Port",
        "CP": "13013",
        "LOCALITE": "Marseille",
    }

    rows = seed_rows([("TEM001", address), ("TEM002", {**address, "PRENOM": "Zoé"})], ["A", "B"])

    assert rows["unique_id"].sort().to_list() == ["TEM001-A", "TEM001-B", "TEM002-A", "TEM002-B"]
    (row,) = rows.filter(unique_id="TEM001-A").to_dicts()
    assert (row["civility"], row["first_name"], row["last_name"], row["company"]) == ("M", "ANDRE", "RICHARDOT", "")
    assert (row["L1"], row["L4"], row["L6"]) == ("M ANDRE RICHARDOT", "16 RUE DU PORT", "13013 MARSEILLE")
    assert (row["postcode"], row["town"]) == ("13013", "MARSEILLE")
