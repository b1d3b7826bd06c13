"""The register of names: what is refused, and what a thing is called."""

import pytest

from analysis.base.errors import TableFaulty
from analysis.tables import name_register

POT = '[[name]]\nname = "陶器表示法"\nkind = "law"\nname_en = "Pottery Act"\nvariants = ["表示法"]\n'


def test_the_committed_register_is_sound():
    register = name_register.register()
    assert len(register.content.name) > 200
    assert {entry.kind for entry in register.content.name} == {head.kind for head in register.content.head}
    assert all(entry.name_en for entry in register.content.name)
    assert all(len(name) < 40 for entry in register.content.name for name in (entry.name, *entry.variants))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (
            '[[name]]\nname = "表示 法"\nkind = "law"\nname_en = "Other"\n',
            "'表示法' is a spelling of '陶器表示法' and of",
        ),
        ('[[name]]\nname = "窯業法"\nkind = "law"\nname_en = "Kiln Act"\nsuccessor = "磁器法"\n', "which is no entry"),
        (
            '[[name]]\nname = "窯業法"\nkind = "law"\nname_en = "Kiln Act"\nrenamed = true\n',
            "is renamed and has no successor",
        ),
        ('[[name]]\nname = "窯業法"\nkind = "deed"\nname_en = "Kiln Act"\n', "kind must be"),
        ('[[name]]\nname = "窯業法"\nkind = "law"\n', "lacks"),
        ('[[name]]\nname = "窯業法"\nkind = "law"\nname_en = "A"\nvariants = [""]\n', "has an empty spelling"),
        ('[[head]]\nkind = "law"\nparts = 1\nnouns = ["法", "法"]\n', "'法' is there twice"),
        ("colour = 1\n", "unknown key"),
    ],
)
def test_a_faulty_register_is_named(curated, more, says):
    (curated / "mentions.toml").write_text((more + POT) if more.startswith("colour") else POT + more)
    with pytest.raises(TableFaulty, match=r"mentions\.toml") as fault:
        name_register.register()
    assert says in str(fault.value)


def test_a_thing_has_its_name_in_english_and_japanese(curated):
    (curated / "mentions.toml").write_text(POT)
    assert name_register.label("陶器表示法", "en") == name_register.english("表示法") == "Pottery Act"
    assert name_register.label("陶器表示法", "ja") == "陶器表示法"
    assert name_register.label("窯業法", "en") == "窯業法"
    assert name_register.english("窯業法") is None
