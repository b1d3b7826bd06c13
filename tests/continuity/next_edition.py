"""A fictitious plan and the next edition of it, with what truly became of each measure."""

import random
from dataclasses import dataclass, field, replace

import polars as pl

from analysis.base import files
from analysis.extraction import text_features
from analysis.tables import store

EARLIER, LATER = 2020, 2021  # デジタル庁, of 2021, took over work of 内閣官房
RENAMED = ("内閣官房(港湾台帳室)", "デジタル庁")
OTHER_BODIES = ["環境省", "国土交通省", "厚生労働省"]
BODIES = [["経済産業省"], ["文部科学省"], ["農林水産省", "総務省"], ["財務省"], ["経済産業省", "法務省"]]
HORIZONS = [["短期"], ["中期"], ["短期", "中期"], ["長期"]]

# Headings and, under each, subjects: what it is about, two things that are done about it, with whom and what for.
SECTIONS = {
    "海と港の明かり": """
        灯台の光源|遠隔点検の手順書|夜間航路の実証|灯台守の協会|航行の安全
        渡し舟の運航|桟橋の改修基準|予約の共通画面|川沿いの自治体|島民の通院
        潮位の観測|検潮所の更新計画|高潮の早期通報|沿岸の大学|浸水被害の軽減
        浮標の塗料|耐塩試験の設備|海鳥への影響評価|塗装業の組合|交換周期の延長
        漁港の製氷|省電力の冷凍機|鮮度の表示票|漁業協同組合|魚価の安定
        海図の更新|測深データの公開|小型船向けの配信|水路の測量士|座礁事故の防止
        貨物船の係留|係留索の監視器|岸壁の空き情報|港湾の荷役会社|待ち時間の短縮
        干潟の再生|アマモの移植|観察会の教材|干潟の保全団体|稚魚の回復
        造船所の跡地|ドックの保存修理|進水式の映像記録|町の郷土館|来訪者の増加
    """,
    "山里の手仕事": """
        和紙の原料|楮の栽培講習|紙漉き道具の貸出し|漉き手の会|原料不足の解消
        炭焼き窯|窯の温度記録|製炭士の検定|林業の事業者|品質の均一化
        竹細工の技|編み方の図解集|若手の工房|竹林の所有者|技の継承
        養蜂の蜜源|蜜源地図の作成|蜂病の検査室|養蜂家の団体|採蜜量の回復
        漆の植栽|苗木の配布|掻き子の研修所|漆器の産地|国産漆の確保
        山小屋の水|浄水装置の設置|携帯用便所の普及|登山者の団体|渓流の水質
        茅葺きの屋根|茅場の共同管理|葺き替えの講座|屋根職人の組合|集落景観の維持
        絹織物の染料|藍の発酵試験|色見本の登録簿|染織の工房|退色の抑制
        木地師の轆轤|轆轤の復元図|端材の交換市|木工の学校|廃材の削減
    """,
    "読む場と学ぶ場": """
        閲覧室の夜間開放|司書の当番制度|自習席の予約端末|公立の図書館|働く人の読書
        点字の絵本|触図の印刷機|読み聞かせの録音|盲学校|幼児の言葉の習得
        古地図の閲覧|折り目の修復|縮尺の自動照合|地図の収集家|地名研究の進展
        移動図書車|巡回路の見直し|車載書架の軽量化|山間の小学校|貸出冊数の増加
        方言の録音|話者の聞き取り|語彙の対訳帳|言語学の研究室|話し言葉の保存
        科学館の天球儀|星図の描き直し|夜空の解説員|天文の同好会|観望会の定着
        写本の書庫|湿度の調節弁|虫害の点検票|寺院の文庫|劣化の予防
        工作室の旋盤|安全講習の動画|廃材キットの配布|高等専門学校|ものづくりの裾野拡大
        学級園の土|土壌の簡易検査|堆肥づくりの暦|小学校の教員|食育の充実
    """,
    "祭りと舞台": """
        太鼓の張り替え|革の調達先の名簿|叩き手の教室|祭りの保存会|囃子の継承
        獅子舞の面|面の三次元計測|舞の譜面|町内の若者組|演目の復活
        人形芝居の頭|仕掛けの修理書|海外巡業の字幕|人形座|観客層の拡大
        芝居小屋の回り舞台|床板の耐荷重試験|桟敷の避難経路|劇場の管理者|上演日数の回復
        神輿の担ぎ棒|木材の含水率測定|担ぎ手の募集帳|氏子の総代|巡行の継続
        盆踊りの音頭|歌詞の聞き書き|やぐらの組立図|婦人の会|世代間の交流
        花火の筒|火薬庫の距離基準|打上げの風速計|煙火師|観覧の安全
        能装束の織り|糸の強度試験|衣桁の収蔵庫|織元の連合会|装束の貸出し
        紙芝居の原画|原画の撮影台|実演者の認定|児童館|街頭公演の再開
    """,
    "田畑と果樹": """
        棚田の畦|畦塗り機の共同購入|石積みの診断|棚田の耕作者|崩落の防止
        果樹園の防霜|送風扇の配置図|開花の予報|果樹の研究所|晩霜害の軽減
        蕎麦の在来種|種子の保存庫|製粉粒度の比較|蕎麦打ちの団体|在来種の復興
        茶園の被覆|遮光資材の回収|摘採期の判定器|製茶の工場|一番茶の品質
        酪農の牧草|刈り時の衛星画像|飼料袋の再利用|酪農の青年部|飼料自給の向上
        薬草の栽培|乾燥棚の設計|成分の定量法|漢方の製造所|輸入依存の低減
        蓮根の泥田|水圧掘りの改良|泥水の沈殿池|湿田の生産者|作業負担の軽減
        椎茸の原木|ほだ場の日照調査|菌床廃材の熱利用|茸の生産組合|収量の安定
        葡萄の棚|棚線の張力計|剪定枝の炭化|醸造用の農家|糖度の向上
    """,
    "町の暮らし": """
        温泉街の湯量|源泉の流量計|湯けむりの景観指針|旅館の組合|湧出量の維持
        路面電車の軌道|継ぎ目の騒音測定|低床車の乗降台|電車の事業者|高齢者の外出
        銭湯の煙突|煙突の耐震診断|薪の共同仕入れ|浴場の組合|廃業の抑制
        商店街の看板|看板の書体見本|空き店舗の短期貸し|商店の連盟|歩行者の増加
        橋の欄干|欄干の腐食調査|塗膜の剥離工法|橋梁の技術者|長寿命化
        踏切の警報|警報音の聞こえ方試験|遮断棒の素材|鉄道の沿線住民|横断事故の減少
        井戸の水脈|井戸台帳の整備|手押しポンプの点検日|町内の防災会|断水時の給水
        公園の遊具|遊具の劣化記録|日よけの植樹|保育所|けがの予防
        郵便受けの集約|集合住宅の受取棚|再配達の時間帯調査|配送の会社|配達回数の削減
    """,
    "空と大地の観測": """
        火山の噴気|噴気温度の連続記録|避難小屋の無線|火山の観測所|登山規制の早期化
        雪崩の予測|積雪断面の調査票|斜面の振動計|スキー場|人的被害の防止
        気球の観測|気球用ガスの回収|上空湿度の較正|高層の気象台|豪雨予報の改善
        地すべりの伸縮計|計器の太陽電池|警戒区域の説明会|砂防の事務所|夜間避難の円滑化
        渡り鳥の標識|足環の刻印機|飛来地の日誌|野鳥の会|飛来数の把握
        流星の撮影|広角カメラの網|軌道計算の公開|学校の天文部|隕石の発見
        湧水の水質|採水瓶の規格|湧水点の巡回|名水の愛好会|硝酸濃度の低下
        地磁気の測定|測定室の非磁性化|磁針偏差の通知|測地の研究者|航法誤差の縮小
        洞窟の鍾乳石|照明熱の制限|滴下水の分析|洞窟の探検家|結晶の保護
    """,
    "品物と商い": """
        陶磁器の釉薬|釉薬の配合台帳|鉛溶出の検査|窯元|海外販路の開拓
        時計の修理|歯車の規格表|修理士の夜間講座|時計の小売店|廃棄の減少
        楽器の木材|響板の乾燥室|代替樹種の試奏会|弦楽器の製作者|希少木の保護
        眼鏡の枠|鼻当ての採寸器|素材アレルギーの表示|眼鏡の産地|装着感の改善
        玩具の安全|誤飲試験の模型|回収情報の掲示板|玩具の輸入業者|乳児の事故防止
        包丁の鍛造|鋼材の成分票|研ぎ直しの巡回車|刃物の職人|輸出額の増加
        切手の図案|図案の公募審査|偽造防止の透かし|切手の収集家|若年層の関心
        石鹸の香料|香料原料の追跡|無香料品の表示欄|化粧品の工場|過敏症への配慮
        自転車の部品|部品の互換表|放置車の再整備|自転車の販売店|資源の循環
    """,
}
FIRST = [
    "{s}の担い手が減っていることを踏まえ、{c}と連携して{a}を進める。",
    "{s}について、{c}の意見を聴きながら、{a}の在り方を検討し、結論を得る。",
    "{c}が{s}に取り組みやすくなるよう、{a}に要する経費を支援し、成果を公表する。",
    "{s}をめぐる状況の変化に対応するため、{a}に着手し、{c}への周知を行う。",
    "全国の{s}の現状を把握した上で、{c}とともに{a}を行う。",
]
SECOND = [
    "また、{b}を通じて、{d}を図る。",
    "あわせて、{d}に向け、{b}をモデル地域で実施する。",
    "さらに、{b}に関する相談窓口を設け、{d}につなげる。",
    "加えて、{b}の好事例を収集し、{d}に資する取組を広げる。",
    "その際、{b}についても検討し、{d}の観点から必要な措置を講ずる。",
]
PART = ["{s}の{b}について、{d}の観点から具体策を取りまとめる。", "{s}に関し、{b}を開始し、{d}を目指す。",
        "{d}のため、{s}に関する{b}を推進する。"]  # fmt: skip
ADDED = [
    "この取組の進捗は毎年度点検する。",
    "必要に応じ関係法令の見直しも行う。",
    "得られた知見は地方の窓口でも活用する。",
]
KINDS = {  # how many of each kind an edition has; merged: pairs
    "merged": 4, "kept": 12, "reworded": 9, "moved": 6, "split": 6, "renamed body": 6, "other body": 6,
    "other horizon": 6, "ended": 6, "new": 6,
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """A measure of the fictitious plan."""

    section: str
    words: dict[str, str] = field(hash=False)
    texts: tuple[str, str]  # its two sentences
    bodies: tuple[str, ...]
    horizon: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.texts)


@dataclass(frozen=True)
class Case:
    """What truly became of measures of the earlier edition (or where those of the later one come from)."""

    kind: str
    earlier: tuple[str, ...]
    later: tuple[str, ...]


def subjects() -> list[tuple[str, dict[str, str]]]:
    """Return every subject with its section: s, a, b, c and d, see SECTIONS."""
    return [
        (section, dict(zip("sabcd", line.strip().split("|"), strict=True)))
        for section, lines in SECTIONS.items()
        for line in lines.strip().splitlines()
    ]


def measure(section: str, words: dict[str, str], chance: random.Random) -> Measure:
    texts = (chance.choice(FIRST).format(**words), chance.choice(SECOND).format(**words))
    return Measure(section, words, texts, tuple(chance.choice(BODIES)), tuple(chance.choice(HORIZONS)))


def reworded(old: Measure, chance: random.Random) -> Measure:
    """Return the measure with one of its sentences put in other words, or with a sentence more, or both."""
    first, second = old.texts
    if chance.random() < 0.5:
        first = chance.choice([text for text in FIRST if text.format(**old.words) != first]).format(**old.words)
    elif chance.random() < 0.5:
        second = chance.choice([text for text in SECOND if text.format(**old.words) != second]).format(**old.words)
    if (first, second) == old.texts or chance.random() < 0.3:
        second += chance.choice(ADDED)
    return replace(old, texts=(first, second))


def split(old: Measure, chance: random.Random) -> list[Measure]:
    """Return two measures: the first sentence, and what the second says in a measure of its own."""
    first = old.texts[0] + (chance.choice(ADDED) if chance.random() < 0.5 else "")
    second = chance.choice(PART).format(**old.words) + (chance.choice(ADDED) if chance.random() < 0.3 else "")
    return [replace(old, texts=(first, "")), replace(old, texts=(second, ""))]


def merged(one: Measure, other: Measure, chance: random.Random) -> Measure:
    """Return a measure that says what both say, put in other words in places."""
    one, other = (reworded(old, chance) if chance.random() < 0.5 else old for old in (one, other))
    return replace(one, texts=(one.text, other.text))


def editions(seed: int) -> tuple[list[Measure], list[Measure], list[Case]]:
    """Return a plan, its next edition, and what became of each measure; the identifiers count from 1.

    Measures that are merged stand under one heading, as they do in plans.
    """
    chance = random.Random(seed)
    unused = [measure(*subject, chance) for subject in subjects()]
    chance.shuffle(unused)
    plans: tuple[list[Measure], list[Measure]] = ([], [])
    cases: list[tuple[str, list[range]]] = []  # places in both plans
    for kind in [kind for kind, count in KINDS.items() for _ in range(count)]:
        before = [unused.pop()] if kind != "new" else []
        if kind == "merged":
            beside = next(n for n, other in enumerate(unused) if other.section == before[0].section)
            before.append(unused.pop(beside))
        if kind == "renamed body":
            before = [replace(before[0], bodies=(*before[0].bodies, RENAMED[0]))]
        sides = (before, [unused.pop()] if kind == "new" else _next(kind, before, chance))
        cases.append((kind, [range(len(plan), len(plan) + len(side)) for plan, side in zip(plans, sides, strict=True)]))
        for plan, side in zip(plans, sides, strict=True):
            plan.extend(side)
    orders = [chance.sample(range(len(plan)), len(plan)) for plan in plans]
    keys = [
        {at: f"{year}-{n:04d}" for n, at in enumerate(order, 1)}
        for year, order in zip((EARLIER, LATER), orders, strict=True)
    ]
    told = [
        Case(kind, *(tuple(names[at] for at in places) for names, places in zip(keys, sides, strict=True)))
        for kind, sides in cases
    ]
    earlier, later = ([plan[at] for at in order] for plan, order in zip(plans, orders, strict=True))
    return earlier, later, told


def _next(kind: str, before: list[Measure], chance: random.Random) -> list[Measure]:
    """Return what the next edition has of the measures."""
    old = before[0]
    if kind == "split":
        return split(old, chance)
    if kind == "merged":
        return [merged(*before, chance)]
    if kind == "reworded":
        return [reworded(old, chance)]
    if kind == "moved":
        return [replace(old, section=chance.choice([name for name in SECTIONS if name != old.section]))]
    if kind == "renamed body":
        return [replace(old, bodies=(*old.bodies[:-1], RENAMED[1]))]
    if kind == "other body":
        return [replace(old, bodies=(chance.choice(OTHER_BODIES), *old.bodies[1:]))]
    if kind == "other horizon":
        return [replace(old, horizon=tuple(chance.choice([h for h in HORIZONS if tuple(h) != old.horizon])))]
    return [] if kind == "ended" else [old]


def tables(*plans: list[Measure]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return measures, features, assignments and an empty roadmap of editions EARLIER, LATER …"""
    rows = {f"{EARLIER + e}-{n:04d}": row for e, plan in enumerate(plans) for n, row in enumerate(plan, 1)}
    measures = pl.DataFrame(
        [
            {
                "measure_id": key, "doc_id": f"ip{key[:4]}", "edition": int(key[:4]), "part": "body",
                "section": key[:4], "section_title": row.section, "subhead": None,
                "first_line": int(key[5:]), "last_line": int(key[5:]), "page": None, "characters": len(row.text),
                "text_hash": files.checksum(row.text.encode())[:16], "horizon": list(row.horizon), "deadline": None,
                "deadline_years": [], "ministries": list(row.bodies), "repeated": False, "repeats": None,
                "repeat_changes": [], "confidence": 1.0, "doubts": [],
            }
            for key, row in rows.items()
        ],
        schema=store.empty("measures").schema,
    )  # fmt: skip
    features = text_features.table([(key, row.text, row.section) for key, row in rows.items()])
    topics = {"measure_id": list(rows), "topic_id": [row.section for row in rows.values()]}
    return measures, features, pl.DataFrame(topics), store.empty("roadmap")
