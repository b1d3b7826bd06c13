"""Pieces of patterns that several rules look for."""

LETTER = "一-龥ァ-ヶA-Za-z"  # of words that carry a name; in character classes
NOUN_LETTER = LETTER + "ー"
BRACKET = r"(?:\([^()]*\))?"  # what may stand between two words: 60店(2035年度)を目指す
ABOUT = "約|およそ|概ね|おおむね|ほぼ|最大|最低|少なくとも"  # in front of an amount
COMPARED = "以上|以下|以内|未満|超|程度|前後"  # behind an amount
EXTENT = rf"{COMPARED}|強|弱|大幅[なに]|ずつ|分(?![一-龥の])"
DOWN = (
    "減(?!価|税)|削減|低減|縮減|縮小|圧縮|抑制|短縮|カット|引き?下げ|下げ|下が|低下|下落|軽減|節減|節約|後退|悪化|落ち込"
    "|マイナス|ダウン|(?<!を)下回"
)
UP = "増|上昇|拡大|伸|引き?上げ|上げ|上が|上積み|上乗せ|改善|向上|成長|プラス|アップ|(?<!を)上回|高め"
