"""Numbers that Word sets by itself: small lists made by hand, with what a person reads before each paragraph."""

import zipfile

import pytest
from test_word_files import MAIN, lines, paragraph, run, word

from analysis.documents import word_numbers


def numbering(*lists: list[str], extra: str = "") -> str:
    """A part with these lists; each level is an element. The list n has the number n + 1."""
    shared = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{"".join(levels)}</w:abstractNum>' for at, levels in enumerate(lists)
    )
    numbers = "".join(f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>' for at in range(len(lists)))
    return f"<w:numbering {MAIN}>{shared}{numbers}{extra}</w:numbering>"


def level(depth: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def item(text: str, number: int = 1, depth: int = 0, style: str = "") -> str:
    of = f'<w:pStyle w:val="{style}"/>' * bool(style)
    of += f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{of}</w:pPr>{text if text.startswith('<') else run(text)}</w:p>"


def test_headings_are_numbered_and_begin_anew_below_each_other(tmp_path):
    levels = [level(0, "decimal", "第%1章", '<w:suff w:val="nothing"/>'), level(1, "decimal", "%1-%2")]
    body = [
        item("灯台", style="heading1"), item("灯り", depth=1), item("石", depth=1),
        item("港", style="heading1"), item("船", depth=1), paragraph("港を掘る。"),
    ]  # fmt: skip
    file = word(tmp_path, *body, numbering=numbering(levels))
    assert lines(file) == ["第1章灯台", "1-1 灯り", "1-2 石", "第2章港", "2-1 船", "港を掘る。"]


def test_a_heading_stays_one(tmp_path):
    from analysis.documents import word_files

    file = word(
        tmp_path, item("灯台", style="heading1"), paragraph("直す。"), numbering=numbering([level(0, "decimal", "%1.")])
    )
    heading, text = word_files.read(file).page.lines
    assert heading.raw == "1. 灯台"
    assert heading.size > text.size


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("decimal", "1 2 3"), ("decimalZero", "01 02 03"), ("upperRoman", "I II III"), ("lowerRoman", "i ii iii"),
        ("upperLetter", "A B C"), ("lowerLetter", "a b c"), ("decimalFullWidth", "１ ２ ３"),
        ("decimalEnclosedCircle", "① ② ③"), ("decimalEnclosedParen", "⑴ ⑵ ⑶"), ("aiueoFullWidth", "ア イ ウ"),
        ("iroha", "イ ロ ハ"), ("ideographDigital", "一 二 三"), ("japaneseCounting", "一 二 三"), ("hex", "1 2 3"),
    ],
)  # fmt: skip
def test_numbers_have_the_form_that_the_list_gives(tmp_path, form, printed):
    file = word(tmp_path, *map(item, ("灯台", "港", "船")), numbering=numbering([level(0, form, "(%1)")]))
    assert [line.split(" ")[0] for line in lines(file)] == [f"({number})" for number in printed.split()]


@pytest.mark.parametrize(
    ("number", "form", "printed"),
    [
        (10, "japaneseCounting", "十"), (11, "japaneseCounting", "十一"), (20, "japaneseCounting", "二十"),
        (45, "japaneseCounting", "四十五"), (12, "ideographDigital", "一二"), (27, "upperLetter", "AA"),
        (48, "lowerRoman", "xlviii"), (20, "decimalEnclosedCircle", "⑳"), (21, "decimalEnclosedCircle", "21"),
        (0, "upperRoman", "0"), (99, "aiueo", "99"), (12, "decimalFullWidth", "１２"),
    ],
)  # fmt: skip
def test_large_numbers_and_those_that_a_form_does_not_have(tmp_path, number, form, printed):
    levels = [level(0, form, "%1", f'<w:start w:val="{number}"/>')]
    assert lines(word(tmp_path, item("灯台"), numbering=numbering(levels))) == [f"{printed} 灯台"]


def test_two_lists_count_apart_and_one_begins_anew_where_it_says_so(tmp_path):
    anew = (
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        '</w:lvlOverride></w:num><w:num w:numId="4"><w:abstractNumId w:val="0"/></w:num>'
    )
    lists = [level(0, "decimal", "%1.")], [level(0, "decimal", "(%1)")]
    body = [item("灯台", 1), item("港", 2), item("船", 1), item("石", 3), item("油", 3), item("網", 4)]
    made = lines(word(tmp_path, *body, numbering=numbering(*lists, extra=anew)))
    assert made == ["1. 灯台", "(1) 港", "2. 船", "1. 石", "2. 油", "3. 網"]


def test_empty_and_deleted_paragraphs_are_not_counted(tmp_path):
    deleted = '<w:del w:id="1"><w:r><w:delText>港</w:delText></w:r></w:del>'
    body = [item("灯台"), item(""), item(deleted), item("船")]
    assert lines(word(tmp_path, *body, numbering=numbering([level(0, "decimal", "%1.")]))) == ["1. 灯台", "2. 船"]


def test_a_text_box_is_counted_once(tmp_path):
    box = "<wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx>".format(item("港"))
    old = "<w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict>".format(
        item("港")
    )
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{old}</mc:Fallback>'
        "</mc:AlternateContent>"
    )
    body = [item("灯台"), f"<w:p><w:r>{both}</w:r></w:p>", item("船")]
    file = word(tmp_path, *body, numbering=numbering([level(0, "decimal", "%1.")]))
    assert lines(file) == ["1. 灯台", "2. 港", "3. 船"]


def test_styles_number_their_paragraphs_also_by_what_they_are_based_on(tmp_path):
    styles = (
        f'<w:styles {MAIN}><w:style w:type="paragraph" w:styleId="A"><w:name w:val="施策"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="B">'
        '<w:name w:val="施策 2"/><w:basedOn w:val="A"/></w:style></w:styles>'
    )
    body = [paragraph("灯台", style="A"), paragraph("港", style="B")]
    file = word(tmp_path, *body, styles=styles, numbering=numbering([level(0, "decimal", "施策%1")]))
    assert lines(file) == ["施策1 灯台", "施策2 港"]


def test_a_bullet_that_is_printed_is_the_mark(tmp_path):
    lists = [level(0, "bullet", "○")], [level(0, "bullet", "・")], [level(0, "bullet", "\uf0b7")]
    made = lines(word(tmp_path, item("灯台", 1), item("港", 2), item("船", 3), numbering=numbering(*lists)))
    assert made == ["○ 灯台", "・ 港", "• 船"]


def test_a_list_may_be_kept_in_a_style(tmp_path):
    styles = (
        f'<w:styles {MAIN}><w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr>'
        "</w:pPr></w:style></w:styles>"
    )
    lists = ['<w:numStyleLink w:val="L"/>'], [level(0, "decimal", "第%1条")]
    assert lines(word(tmp_path, item("灯台"), styles=styles, numbering=numbering(*lists))) == ["第1条 灯台"]


@pytest.mark.filterwarnings("error")
def test_a_part_that_stands_twice_is_read_once(tmp_path):
    file = word(tmp_path, paragraph("灯台"))
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(word_numbers.DOCUMENT, archive.read(word_numbers.DOCUMENT))
    assert lines(file) == ["灯台"]


def test_legal_numbers_are_digits_on_every_level(tmp_path):
    levels = [level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>")]
    file = word(tmp_path, item("灯台"), item("港", depth=1), numbering=numbering(levels))
    assert lines(file) == ["I. 灯台", "1.1 港"]


def test_a_style_that_is_based_on_itself_ends(tmp_path):
    styles = f'<w:styles {MAIN}><w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="A"/></w:style></w:styles>'
    assert lines(word(tmp_path, paragraph("灯台", style="A"), styles=styles)) == ["灯台"]


def test_every_form_has_a_number_for_one():
    assert all(write(1) for form, write in word_numbers.FORMS.items() if form != "none")
