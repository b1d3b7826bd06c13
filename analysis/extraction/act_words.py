"""Words of policy prose by what they say is done: verbal nouns and verbs by act, verbs that take their act from their
object, words for things that are made, held or set up, and words for no particular thing.

They are classes of the language of administration, filled as a dictionary fills them. A word is looked for at the end of
a compound (相互接続検証 is a 検証), the longest one first.
"""

import re
from collections.abc import Container
from functools import cache

from analysis.tables.categories import ACTS

LONGEST_WORD = 60  # characters of a compound

VERBAL_NOUNS = {
    "reform": """改正 法改正 改定 改訂 法制化 制度化 法定化 立法 立法化 廃止 撤廃 規制緩和 緩和 見直し 制度改正 制度改革
        改革 義務化 義務付け 義務づけ 合法化 自由化 制限 規制 例外化 一部改正 法案提出""",
    "do": """整備 構築 策定 作成 開催 設置 実施 公表 運用 交渉 開設 設立 創設 新設 公開 発行 刊行 出版 制作 製作 製造 造成
        導入 試行 開始 開講 開発 提供 配布 頒布 配信 放送 掲載 選定 認定 認証 表彰 顕彰 締結 署名 批准 加盟 加入 出展 出品
        集約 収集 蓄積 とりまとめ 取りまとめ 取り纏め 提出 提案 提示 提言 登録 審査 取締り 取り締まり 摘発 差止 差し止め
        翻訳 英訳 多言語化 更新 試験 検査 監視 相談対応 受付 指定 任命 採用 増員 配置 募集 公募 招へい 招聘 調達
        購入 建設 建築 移設 移転 移管 統合 接続 デジタル化 アーカイブ化 電子化 オンライン化 データベース化 オープン化 制定
        標準化 規格化 ルール化 文書化 マニュアル化 類型化 見える化 可視化 一元化 実証 実証実験 実証事業 演習 訓練 研修
        講演 講義 上映 展示 上演 公演 執行 発効 適用 施行 公布 付与 授与 発注 委託 受託 委嘱 予算化 措置 設定 設計 準備 稼働 更新 アップデート 刷新 改良 編成 編纂
        編集 作り 造り づくり 組み込み 組込み ビルドイン 招致 起草 立案 企画 決定 合意 再編 増設 増強 確立 創出 形成 組成 結成 立ち上げ 立上げ 新規開設 搭載 実装 運営
        対処 削減 停止 遮断 削除 明示 明文化 明確化 引上げ 引き上げ 引下げ 引き下げ 延長 短縮 追加 拡張 保存 修復 復元 復旧 修理 保管 記録
        徴収 分配 配分 供給 販売 輸出 生産 栽培 植栽 開業 開園 開館 開通 敷設""",
    "support": """支援 補助 助成 後押し 援助 融資 貸付 出資 投資 交付 支給 給付 減免 免除 助言 指導 相談 アドバイス 派遣 サポート 応援
        伴走 伴走支援 援護 奨励金 補填 補てん 保証 優遇 手当 無償化 手助け 下支え マッチング あっせん 斡旋 仲介""",
    "inform": """周知 普及 啓発 普及啓発 啓蒙 働きかけ 働き掛け 発信 情報発信 呼びかけ 呼び掛け 広報 PR 宣伝 告知 案内 紹介 説明 情報提供
        情報共有 共有 横展開 要請 要望 促し 奨励 推奨 推薦 勧奨 アピール 浸透 訴求 プロモーション 申入れ 申し入れ 依頼 注意喚起 喚起
        情報開示 理解増進 理解促進 教育 教示 伝達 通知 通達 発表 PR活動 広報活動 啓発活動 布教 意識啓発 意識改革 機運醸成 気運醸成""",
    "study": """検討 調査 把握 議論 研究 検証 分析 審議 協議 考察 精査 調査研究 評価 点検 フォローアップ 情報収集 意見交換 探索 情報交換
        洗い出し レビュー モニタリング 観察 観測 見極め 注視 整理 論点整理 調整 ヒアリング 実態調査 比較 照会 診断 測定 予測 研究開発 模索 検討会 吟味 試算 解析 解明
        見直し検討 確認 特定""",
    "promote": """推進 促進 強化 充実 拡充 拡大 向上 改善 確保 活用 利活用 利用 育成 養成 連携 協力 協働 協調 活性化 振興 加速 加速化
        発展 展開 徹底 高度化 円滑化 適正化 効率化 最適化 多様化 迅速化 深化 醸成 維持 継続 進展 実現 保護 防止 対応 抑止 抑制
        努力 推し進め 重視 尊重 配慮 留意 貢献 寄与 増進 増加 増大 創造 発掘 誘致 誘客 定着 普遍化 国際化 グローバル化
        参画 参加 交流 浸透促進 底上げ 強靱化 合理化 簡素化 安定化 健全化 是正 解消 解決 克服 達成 両立 循環 還元 磨き上げ 開拓 進出
        ブランド化 高付加価値化 差別化 底上 体系化 一体化 継承 伝承 転換 移行 創業 起業 管理 保全 復興 再生 確実化""",
}  # fmt: skip

VERBS = {
    "reform": "改める 見直す 改正する 改訂する 改定する 廃する 義務付ける 義務づける 緩める 認める",
    "do": """作る つくる 造る 設ける 置く 定める 立ち上げる 開く 行なう 建てる 始める 取りまとめる とりまとめる まとめる 示す 結ぶ 集める
        載せる 組み込む 盛り込む 位置付ける 位置づける 加える 束ねる 蓄える 選ぶ 配る 出す 送る 招く 書く 造り上げる 創り出す 作り出す
        生み出す 積み上げる 積み重ねる 締結する 整える 備える 取り締まる 組む 引き上げる 引き下げる 打ち出す 講ずる 講じる 設定する""",
    "support": "支える 助ける 支援する 後押しする 補う 手助けする 応援する",
    "inform": """促す 働きかける 働き掛ける 呼びかける 呼び掛ける 知らせる 伝える 広める 訴える 求める 広げる 説く 紹介する 申し入れる
        勧める すすめる 届ける 教える 発する 告げる 奨める""",
    "study": "調べる 探る 見極める 検討する 洗い出す 考える 問う 確かめる 図り考える 論じる 論ずる",
    "promote": """図る 進める 努める 取り組む 取組む 高める 強める 目指す めざす つなげる 繋げる 生かす 活かす 深める 資する 広がる 伸ばす
        育てる 育む 引き出す 守る 防ぐ 支え合う 促進する 推し進める 押し進める 期待する 続ける 継続する 磨く 減らす 増やす 挙げる
        臨む 当たる 用いる 役立てる 向上させる 発展させる 果たす 担う 図り進める 取り込む 見いだす 見出す 捉える""",
}  # fmt: skip

# Verbs that say nothing of their own: what they do is what their object says (調査を行う).
LIGHT = """する 行う 行なう 図る はかる 進める すすめる 努める つとめる 取り組む 取組む 続ける 重ねる 実施する 推進する 促進する 展開する
    強化する 継続する 加速する 講ずる 講じる 開始する 始める 徹底する 進む 目指す めざす つなげる 繋げる 当たる 加速化する 充実する 拡充する
    深める 高める 強める 遂行する 実行する 着手する 尽くす 図り進める 期す 期する 取り進める 推し進める 確保する 実現する 積み重ねる""".split()
PUSHING = "推進する 促進する 推し進める 加速する 加速化する 後押しする 促す 目指す めざす つなげる 繋げる".split()

# Verbal nouns and verbs of which one can say afterwards that it took place, whatever it was done to.
DONE = """策定 制定 開催 公表 開設 設立 創設 新設 発行 刊行 出版 開始 開講 選定 指定 締結 署名 批准 提出 改正 改訂 改定 配置 増設 設置 起草 招致 表彰 顕彰
    授賞 研修 講習 講義 講演 演習 調査 検査 上映 展示 公演 上演 検定 実証実験 実証試験 ヒアリング 公募 募集 招へい 招聘 派遣 アンケート 出展 首脳会談 助成 補助 交付
    減免 建設 組み込み ビルドイン 位置付け 更新 刷新 試験 導入 公開 廃止 配布 盛り込む 位置付ける 位置づける 組み込む""".split()

# Those by which a thing comes about, changes or is carried out: with a thing, it can be looked for.
MAKING = """作成 開発 稼働 実施 運用 運営 制作 製作 試行 掲載 認定 提示 見直し 整備 構築 立ち上げ 立上げ 支給 授与 付与 提供 配信 拡充 充実 追加
    組成 結成 執行 施行 運行 設定 取りまとめ とりまとめ 創出 形成 編集 作り 造り づくり 実践 準備
    作る つくる 設ける 立ち上げる 開く 定める まとめる とりまとめる 取りまとめる 示す 載せる 結ぶ 改める 見直す 置く""".split()

# Things of which somebody can later say that they were made, held, set up or passed, by kind; at a compound's end.
THINGS = {
    "rule": """法 法案 法律 政令 省令 条例 条約 協定 議定書 規則 規程 規定 規格 基準 税制 附属書 告示 通達 ルールブック コード 憲章""",
    "paper": """指針 ガイドライン ガイドブック ガイダンス ハンドブック 手引き 手引 手引書 マニュアル 手順書 要領 宣言 ロードマップ 工程表 行動計画 ビジョン プリンシプル
        報告書 白書 レポート 事例集 好事例集 冊子 パンフレット リーフレット 教材 カリキュラム テキスト 教科書 雛形 ひな形 契約書 チェックリスト リスト 辞書 辞典 台帳
        名簿 用語集 様式 書式 仕様書 マップ 解説書 シート 動画 映像 Q&A FAQ 覚書 MOU 声明 見解 中間とりまとめ とりまとめ 取りまとめ""",
    "event": """セミナー シンポジウム フォーラム ワークショップ 講座 講習会 研修 研修会 説明会 勉強会 会議 国際会議 イベント フェスティバル フェア 展示会 見本市 商談会
        博覧会 万博 映画祭 芸術祭 祭 コンテスト コンクール コンペティション 大会 大賞 表彰 表彰式 賞 アワード キャンペーン 交流会 上映会 発表会 講演会 懇談会 検定 試験 出張授業
        授業 調査 実態調査 市場調査 アンケート アンケート調査 ヒアリング ヒアリング調査 実証実験 実証試験 実証 モデル事業 パビリオン ブース""",
    "body": """委員会 協議会 検討会 研究会 審議会 分科会 部会 コンソーシアム タスクフォース ワーキンググループ WG 連絡会 連絡会議 協議体 会合 センター 窓口 相談窓口
        事務局 本部 博物館 美術館 図書館 ボード 官民連携プラットフォーム 学科 専攻 コース 拠点 現地拠点""",
    "system": """データベース ポータル ポータルサイト サイト ウェブサイト ホームページ アプリ ツール システム アーカイブ API データセット コーパス プラットフォーム キオスク モジュール""",
    "money": """基金 ファンド 補助金 助成金 交付金 奨学金 補助制度 補助事業 委託事業 実証事業 支援事業 認定制度 認証制度 登録制度 表彰制度 保険 事業 実証事業 支援プログラム プログラム プロジェクト
        インセンティブ""",
    "plan": "計画 プラン 戦略 方針 基本方針 制度 仕組み 仕組 枠組み 枠組 ルール集 アジェンダ ライブラリー ライブラリ",
    "vague": """エコシステム サービス 施設 設備 装置 機構 基盤 ネットワーク 組織 機関 体制 標準 国際標準 モデル 契約 合意 資格 認証 ラベル マーク コンテンツ 作品 映画 番組 放送 仕様
        人材 専門家 専門人材 アドバイザー""",
}  # fmt: skip

# Nouns of grammar, which are no thing.
GRAMMAR = set(
    "ため こと もの 形 中 下 もと 等 ほか 間 際 上 うち 場合 とき 所 ところ よう それ これ 不断 随時 適時 中心".split()
)

# Words for nothing: what is done to them is only promoted.
EMPTY = "取組 取り組み 取組み 施策 環境 措置 対策 対応 機運 気運 意識 土壌 素地 条件 環境整備 必要 方策".split()

# Words for no particular thing.
GENERIC = """取組 取り組み 取組み 施策 支援 環境 措置 対策 対応 連携 協力 方策 方法 手法 機会 場 在り方 あり方
    もの こと 活動 機能 能力 意識 理解 知識 情報 課題 状況 実態 動向 事例 活用 必要 機運 気運 関係 土壌 素地 条件 価値 魅力 力
    競争力 需要 市場 ルール 考え方 方向性 整備 環境整備 体制整備 基盤整備""".split()

# Nouns that say how an act is done and not what is done: of 支援の強化 it is 支援, of 調査の実施 調査.
CLOSED = re.compile(r"[」』](?:等|など)?$")  # a name, whatever it ends with
MORE = """強化 充実 拡充 徹底 継続 推進 促進 実施 展開 開始 拡大 加速 加速化 高度化 迅速化 円滑化 強化充実 継続実施""".split()
HOLDING = "行う 行なう 実施する 展開する 開始する 始める".split()  # of an event: セミナーを行う
CHANGES = (
    "見直し 見直す 改める 改善 改善する 改訂 改定 改訂する 改定する 更新 アップデート 刷新".split()
)  # a reform where a rule is changed
URGING = "促す 求める 働きかける 呼びかける 働き掛ける 呼び掛ける".split()  # what others are to do

MARKED = re.compile(r"(?:等|など|[」』])+$")
TRIMMED = re.compile(r"(?:等|など|[」』]|活動|作業|業務|取組|取り組み|施策|事業|措置|対策|方策|の)+$")
ACT_OF_NOUN = {word: act for act in reversed(ACTS) for word in VERBAL_NOUNS[act].split()}
ACT_OF_VERB = {word: act for act in reversed(ACTS) for word in VERBS[act].split()}
KIND_OF_THING = {word: kind for kind in reversed(THINGS) for word in THINGS[kind].split()}


def ending(word: str, known: Container[str]) -> str:
    """Return the longest ending of a word that is known, if need be without what says nothing behind it (活動);
    '' for none."""
    word = MARKED.sub("", word[-LONGEST_WORD:])
    for candidate in (word, TRIMMED.sub("", word)):
        for start in range(len(candidate)):
            if candidate[start:] in known:
                return candidate[start:]
    return ""


@cache
def act_of(word: str) -> str | None:
    """Return the act that the end of a verbal noun names (相互接続検証: study); a name in brackets is none."""
    return None if CLOSED.search(word) else ACT_OF_NOUN.get(ending(word, ACT_OF_NOUN))


def act_of_verb(verb: str) -> str | None:
    """Return the act of a verb in its dictionary form (検討する, 調べる: study)."""
    return ACT_OF_VERB.get(verb) or act_of(verb.removesuffix("する"))


def is_general(thing: str, words: Container[str] = frozenset(GENERIC)) -> bool:
    """Return whether a word names no particular thing; one of a single character only where it stands alone (場)."""
    general = ending(thing, words)
    return len(general) > 1 or (general != "" and thing == general)


def kind_of(thing: str) -> str:
    """Return what kind of thing the end of a word names; '' where it is none that anybody could look for."""
    return KIND_OF_THING.get(ending(thing, KIND_OF_THING), "")
