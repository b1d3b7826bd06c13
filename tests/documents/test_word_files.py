"""Word files made by hand, part by part: each with the lines that a person reads in it."""

import io
import zipfile
from pathlib import Path

import pytest

from analysis.base.errors import DocumentFaulty
from analysis.documents import word_files
from analysis.documents.document import Line
from analysis.workspace import add_edition

MAIN = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FORMAT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PARTS = ("document.main", "styles", "numbering", "footnotes")
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/word/{part.split(".")[0]}.xml" ContentType="{FORMAT}.{part}+xml"/>' for part in PARTS
    )
    + "</Types>"
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
OF_DOCUMENT = f'<Relationships xmlns="{PACKAGE}/relationships">' + "".join(
    f'<Relationship Id="rId{at}" Type="{OFFICE}/{part}" Target="{part}.xml"/>' for at, part in enumerate(PARTS[1:], 1)
) + "</Relationships>"  # fmt: skip
NAMES = ("Normal", "Title", "heading 1", "heading 2", "List Bullet", "List Bullet 2", "List Bullet 3")
STYLES = f"<w:styles {MAIN}>" + "".join(
    f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
    for name in NAMES
) + "</w:styles>"  # fmt: skip
# One list of three levels, and one for each style of items, whose level is always the first, as Word has them.
NUMBERING = f'<w:numbering {MAIN}><w:abstractNum w:abstractNumId="0">' + "".join(
    f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="bullet"/></w:lvl>' for level in range(3)
) + "</w:abstractNum>" + "".join(
    f'<w:abstractNum w:abstractNumId="{at}"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    f'<w:pStyle w:val="{name.replace(" ", "")}"/></w:lvl></w:abstractNum>' for at, name in enumerate(NAMES[4:], 1)
) + "".join(
    f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>' for at in range(4)
) + "</w:numbering>"  # fmt: skip


def word(folder: Path, *body: str, notes: str = "", **parts: str | bytes) -> Path:
    """Write a Word file with this body; other parts by their names, without .xml."""
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/_rels/document.xml.rels": OF_DOCUMENT,
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/footnotes.xml": f"<w:footnotes {MAIN}>{notes}</w:footnotes>",
        "word/document.xml": f"<w:document {MAIN} {DRAWING}><w:body>{''.join(body)}</w:body></w:document>",
    }
    content |= {f"word/{name}.xml": part for name, part in parts.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    file = folder / "plan.docx"
    file.write_bytes(made.getvalue())
    return file


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, style: str = "", level: int | None = None) -> str:
    """A paragraph of runs; plain text is a run. `level` is that of a list."""
    made = "".join(one if one.startswith("<") else run(one) for one in runs)
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>' if level is not None else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{made}</w:p>"


def cell(*texts: str, across: int = 1, down: str = "") -> str:
    """A cell of paragraphs; `down` is restart where it is merged with those below, continue in these."""
    properties = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    properties += f'<w:vMerge w:val="{down}"/>' if down else ""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(paragraph, texts or ('',)))}</w:tc>"


def table(*rows: list[str]) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in rows) + "</w:tbl>"


def lines(file: Path) -> list[str]:
    return [line.raw for line in word_files.read(file).page.lines]


def rows(file: Path) -> list[tuple[str, ...]]:
    return [line.cells for line in word_files.read(file).page.lines if line.ruled]


def test_each_paragraph_is_a_line_and_headings_are_larger(tmp_path):
    body = [
        paragraph("灯台推進計画", style="Title"),
        paragraph("第1章 灯り", style="heading1"),
        paragraph("第1節 灯台", style="heading2"),
        paragraph(),
        paragraph("灯台を", run("直す", "<w:b/>"), "。"),
    ]
    made: list[Line] = word_files.read(word(tmp_path, *body)).page.lines
    assert [line.raw for line in made] == ["灯台推進計画", "第1章 灯り", "第1節 灯台", "灯台を直す。"]
    sizes = [line.size for line in made]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4
    assert [line.y for line in made] == sorted({line.y for line in made})


@pytest.mark.parametrize("by_style", [False, True])
def test_items_of_lists_in_lists_have_marks_by_their_depth(tmp_path, by_style):
    styles = ["ListBullet", "ListBullet2", "ListBullet3"]
    items = [("灯台を直す。", 0), ("図面を作る。", 1), ("石を運ぶ。", 2), ("港を掘る。", 0)]
    body = [paragraph(text, style=styles[level]) if by_style else paragraph(text, level=level) for text, level in items]
    made = lines(word(tmp_path, paragraph("次の取組を行う。"), *body, paragraph("以上である。")))
    assert [line.lstrip("•○▪ ") for line in made[1:-1]] == [text for text, _ in items]
    marks = [line[0] for line in made[1:-1]]
    assert marks[0] == marks[3]
    assert len({*marks}) == 3
    assert (made[0], made[-1]) == ("次の取組を行う。", "以上である。")


def test_a_mark_that_is_typed_stays(tmp_path):
    assert lines(word(tmp_path, paragraph("・灯台を直す。"), paragraph("（1） 港"))) == ["・灯台を直す。", "（1） 港"]


def test_a_break_ends_a_line_and_a_tab_parts_cells(tmp_path):
    body = paragraph("灯台を直す。", "<w:r><w:br/></w:r>", "（国土交通省）", "<w:r><w:tab/></w:r>", "短期")
    made = word_files.read(word(tmp_path, body)).page.lines
    assert [line.cells for line in made] == [("灯台を直す。",), ("（国土交通省）", "短期")]


def test_what_is_struck_out_or_deleted_is_left_out_and_counted(tmp_path):
    deleted = '<w:del w:id="1" w:author="x"><w:r><w:delText>壊す。</w:delText></w:r></w:del>'
    inserted = '<w:ins w:id="2" w:author="x"><w:r><w:t>守る。</w:t></w:r></w:ins>'
    body = [paragraph("灯台を", run("塗る", "<w:strike/>"), "直す。"), paragraph("港を", deleted, inserted)]
    read = word_files.read(word(tmp_path, *body, paragraph(run("川を掘る。", "<w:dstrike/>"), "橋を架ける。")))
    assert [line.raw for line in read.page.lines][:2] == ["灯台を直す。", "港を守る。"]
    assert read.left_out["characters struck out"] >= 2
    assert "塗る" not in "".join(line.raw for line in read.page.lines)
    assert "壊す" not in "".join(line.raw for line in read.page.lines)


def test_a_cell_is_merged_with_those_below_and_beside_it(tmp_path):
    body = table(
        [cell("施策名"), cell("内容"), cell("担当府省"), cell("実施時期")],
        [cell("灯台"), cell("灯台を直す。"), cell("国土交通省", down="restart"), cell("短期")],
        [cell("港"), cell("港を掘る。"), cell(down="continue"), cell("中期")],
        [cell("川と橋", across=2), cell("農林水産省"), cell("長期")],
        [cell("岬"), cell("岬を", "守る。"), cell("環境省"), cell("")],
    )
    assert rows(word(tmp_path, paragraph("表"), body, paragraph("表の後"))) == [
        ("施策名", "内容", "担当府省", "実施時期"),
        ("灯台", "灯台を直す。", "国土交通省", "短期"),
        ("港", "港を掘る。", "", "中期"),
        ("川と橋", "", "農林水産省", "長期"),
        ("岬", "岬を 守る。", "環境省", ""),
    ]


def test_a_cell_is_merged_over_rows_and_columns_at_once(tmp_path):
    body = table(
        [cell("甲"), cell("乙"), cell("丙")],
        [cell("広い", across=2, down="restart"), cell("一")],
        [cell(across=2, down="continue"), cell("二")],
        [cell("三"), cell("四", down="restart"), cell("五")],
        [cell("六"), cell(down="continue"), cell("七")],
    )
    assert rows(word(tmp_path, body)) == [
        ("甲", "乙", "丙"),
        ("広い", "", "一"),
        ("", "", "二"),
        ("三", "四", "五"),
        ("六", "", "七"),
    ]


def test_measures_in_the_rows_of_a_table_are_read(tmp_path):
    things = ["灯台", "港", "川", "橋", "岬", "峠", "窯", "船", "道"]
    body = table(
        [cell("施策名"), cell("担当府省"), cell("実施時期")],
        *(
            [
                cell(f"{thing}を直し、図面を公開する。"),
                cell("国土交通省", down="restart") if at % 3 == 0 else cell(down="continue"),
                cell(f"令和{8 + at}年度"),
            ]
            for at, thing in enumerate(things)
        ),
    )
    new = add_edition.read(word(tmp_path, paragraph("灯台推進計画", style="Title"), body), add_edition.Wanted(2031))
    assert new.rows["texts"]["text"].to_list() == [f"{thing}を直し、図面を公開する。" for thing in things]
    measures = new.rows["measures"]
    assert measures["ministries"].to_list() == [["国土交通省"]] * 9
    assert measures["deadline"].to_list() == [f"令和{8 + at}年度" for at in range(9)]


def test_a_footnote_stands_behind_the_text_and_its_mark_is_raised(tmp_path):
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    note = f'<w:footnote w:id="2">{paragraph("灯台とは海の灯りをいう。")}</w:footnote>'
    second = note.replace('"2"', '"3"').replace("灯台とは海", "港とは岸")
    body = [paragraph("灯台", mark, "を直す。"), paragraph("港", mark.replace('"2"', '"3"'), "を掘る。")]
    made = lines(word(tmp_path, *body, notes=note + second))
    # numbers are as the page shows them, whatever the notes' ids (programs count these from 0, 1 or 2)
    assert made == ["灯台¹を直す。", "港²を掘る。", "¹ 灯台とは海の灯りをいう。", "² 港とは岸の灯りをいう。"]


def test_a_raised_number_is_raised(tmp_path):
    body = paragraph("面積は10m", run("2", '<w:vertAlign w:val="superscript"/>'), "である。")
    assert lines(word(tmp_path, body)) == ["面積は10m²である。"]


def test_a_text_box_is_read_once(tmp_path):
    inside = f"<w:txbxContent>{paragraph('囲みの中の灯台。')}</w:txbxContent>"
    box = (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp><wps:txbx>{inside}'
        "</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    made = lines(word(tmp_path, paragraph("前の行。", box), paragraph("後の行。")))
    assert "".join(made).count("囲みの中の灯台。") == 1
    assert {"前の行。", "囲みの中の灯台。", "後の行。"} <= set(made)


def test_characters_are_repaired(tmp_path):
    assert lines(word(tmp_path, paragraph("⻑官が灯\u200b台を直す｡"))) == ["長官が灯台を直す。"]


def test_what_unpacks_to_more_than_any_plan_is_refused(tmp_path):
    bomb = word(tmp_path, paragraph("灯台"), footnotes=b" " * (word_files.MOST_UNPACKED + 1))
    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(DocumentFaulty, match="unpacks to 100 MB, which no plan needs: give the plan alone"):
        word_files.read(bomb)


@pytest.mark.parametrize(
    "part",
    ["", "<w:document", "灯台", f"<w:document {MAIN}><w:body><w:p></w:body></w:document>", "<other/>", "\x00" * 99],
)
def test_a_broken_part_is_one_line(tmp_path, part):
    with pytest.raises(DocumentFaulty) as caught:
        word_files.read(word(tmp_path, document=part))
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "plan.docx") in str(caught.value)


@pytest.mark.parametrize("part", ["styles", "numbering", "footnotes"])
def test_another_part_that_is_broken_is_one_line_too(tmp_path, part):
    with pytest.raises(DocumentFaulty, match=r"broken Word file \(its XML cannot be read\): open it in Word, save it"):
        word_files.read(word(tmp_path, paragraph("灯台"), **{part: "<w:"}))


def test_a_cut_off_file_is_one_line(tmp_path):
    file = word(tmp_path, paragraph("灯台を直す。"))
    file.write_bytes(file.read_bytes()[:-40])
    assert not word_files.is_word(file)
    with pytest.raises(DocumentFaulty, match="broken Word file"):
        word_files.read(file)


def test_a_file_without_text_is_refused(tmp_path):
    with pytest.raises(DocumentFaulty, match="holds no text: give the plan itself"):
        word_files.read(word(tmp_path, paragraph(), paragraph(" ")))


def test_what_is_a_word_file(tmp_path):
    assert word_files.is_word(word(tmp_path, paragraph("灯台")))
    other = tmp_path / "other.docx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert not word_files.is_word(other)
    assert not word_files.is_word(tmp_path / "none.docx")


# --- what no reader takes, and what nobody sees -----------------------------------------------------------------

HIDES = (
    f'<w:styles {MAIN}><w:style w:type="character" w:styleId="Base"><w:name w:val="Base"/><w:rPr><w:vanish/></w:rPr>'
    '</w:style><w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:basedOn w:val="Base"/>'
    '</w:style><w:style w:type="paragraph" w:styleId="Quiet"><w:name w:val="Quiet"/><w:rPr><w:vanish/></w:rPr>'
    "</w:style></w:styles>"
)


def test_hidden_words_are_left_out_and_counted(tmp_path):
    body = [
        paragraph("灯台を直す。", run("隠した港を掘る。", "<w:vanish/>")),
        paragraph(run("港を掘る。", '<w:vanish w:val="0"/>')),
        paragraph(run("様式で隠す。", '<w:rStyle w:val="Secret"/>'), "船を造る。"),
        paragraph("段落で隠す。", run("波を見る。", '<w:vanish w:val="false"/>'), style="Quiet"),
        f"<w:p><w:hyperlink>{run('連なる港。', '<w:vanish/>')}</w:hyperlink></w:p>",
    ]
    made = word_files.read(word(tmp_path, *body, styles=HIDES))
    assert [line.raw for line in made.page.lines] == ["灯台を直す。", "港を掘る。", "船を造る。", "波を見る。"]
    assert made.left_out == {"hidden characters": 25}


def test_styles_that_rest_on_one_another_in_a_circle_hide_nothing(tmp_path):
    circle = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:name w:val="{one}"/><w:basedOn w:val="{other}"/></w:style>'
        for one, other in ("AB", "BA")
    )
    file = word(tmp_path, paragraph("灯台を直す。", style="A"), styles=f"<w:styles {MAIN}>{circle}</w:styles>")
    assert lines(file) == ["灯台を直す。"]


@pytest.mark.parametrize("span", ["-5", "x", "", "1.5", "9" * 5000, "1000000000"])
def test_a_cell_that_spans_no_possible_number_costs_nothing_else(tmp_path, span):
    odd = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{paragraph("灯台")}</w:tc>'
    made = rows(word(tmp_path, table([odd, cell("港")], [cell("船"), cell("波")])))
    assert [[text for text in row if text] for row in made] == [["灯台", "港"], ["船", "波"]]
    assert max(map(len, made)) <= 64


def test_cells_that_all_span_everything_make_no_wide_rows(tmp_path):
    odd = f'<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>{paragraph("灯台")}</w:tc>'
    made = rows(word(tmp_path, table(*[[odd] * 50] * 3)))
    assert [len(row) for row in made] == [63 + 49] * 3


@pytest.mark.parametrize("character", ["x", "-1", "FFFFFFFF", ""])
def test_a_symbol_that_is_none_costs_its_paragraph_nothing(tmp_path, character):
    odd = f'<w:r><w:sym w:font="Wingdings" w:char="{character}"/><w:t>灯台を直す。</w:t></w:r>'
    assert lines(word(tmp_path, paragraph(odd))) == ["灯台を直す。"]


@pytest.mark.parametrize("start", ["9" * 5000, "-1", "x"])
def test_a_list_that_begins_nowhere_is_read(tmp_path, start):
    level = f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    made = lines(word(tmp_path, paragraph("灯台を直す。", level=0), numbering=of_one(level)))
    assert made[0].endswith(". 灯台を直す。")
    assert len(made[0]) < 30


def test_a_number_s_text_is_as_long_as_numbers_are(tmp_path):
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="{"%1" * 20_000}"/></w:lvl>'
    made = lines(word(tmp_path, paragraph("灯台を直す。", level=0), numbering=of_one(level)))
    assert made == ["I" * 20 + " 灯台を直す。"]


def of_one(level: str) -> str:
    return (
        f'<w:numbering {MAIN}><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def test_more_text_than_a_plan_has_is_refused_before_it_is_read(tmp_path):
    with pytest.raises(DocumentFaulty, match="holds 1,600,000 characters, which no plan needs: give the plan alone"):
        word_files.read(word(tmp_path, paragraph("灯" * 1_600_000)))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<w:sdt><w:sdtContent>" * 5_000 + "</w:sdtContent></w:sdt>" * 5_000, "it is nested too deeply"),
        (paragraph("&x;"), "its XML cannot be read"),
    ],
)
def test_what_breaks_a_word_file_is_said_in_words(tmp_path, body, says):
    with pytest.raises(DocumentFaulty, match=rf"is a broken Word file \({says}\): open it in Word"):
        word_files.read(word(tmp_path, body))


def test_a_part_that_a_password_locks_is_said_to_be(tmp_path):
    file = word(tmp_path, paragraph("灯台"))
    content = bytearray(file.read_bytes())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(start, at + 1)) >= 0:
            content[at + flags] |= 1
    file.write_bytes(bytes(content))
    with pytest.raises(DocumentFaulty, match=r"broken Word file \(a password locks it\)"):
        word_files.read(file)
