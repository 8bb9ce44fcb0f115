"""Surnames that a machine reads wrong: those of two characters, and those with a reading of their own."""

COMPOUND_SURNAMES = frozenset(
    """
    欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 司空 夏侯 端木 独孤 南宫 西门 万俟
    闻人 赫连 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 轩辕 钟离 鲜于 闾丘 亓官 司寇 子车 颛孙 巫马
    公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 百里 东郭 南门 呼延 羊舌 微生 梁丘 左丘 东门 第五
    纳兰 完颜 贺兰 哥舒 沙陀
    """.split()
)
SURNAME_READINGS = {
    "单": "SHAN", "仇": "QIU", "解": "XIE", "查": "ZHA", "区": "OU", "曾": "ZENG", "朴": "PIAO",
    "盖": "GE", "乐": "YUE", "缪": "MIAO", "任": "REN", "华": "HUA", "翟": "ZHAI", "召": "SHAO",
    "秘": "BI", "黑": "HE", "冼": "XIAN", "洗": "XIAN", "覃": "QIN", "宓": "MI", "折": "SHE", "员": "YUN",
    "逄": "PANG", "郗": "XI", "牟": "MU", "繁": "PO", "种": "CHONG", "燕": "YAN", "应": "YING",
    "宁": "NING", "车": "CHE", "石": "SHI", "沈": "SHEN", "隗": "WEI", "纪": "JI", "过": "GUO", "葛": "GE",
    "谌": "CHEN", "角": "JUE", "佴": "NAI", "那": "NA", "粘": "NIAN", "相": "XIANG", "重": "CHONG",
    "祭": "ZHAI", "句": "GOU", "阚": "KAN", "都": "DU", "柏": "BAI", "贲": "BEN", "臧": "ZANG",
    "藏": "ZANG", "么": "YAO", "撒": "SA", "呙": "GUO", "干": "GAN", "行": "XING", "於": "YU",
    "盛": "SHENG", "晟": "CHENG", "哈": "HA", "尹": "YIN", "曲": "QU", "俞": "YU", "长孙": "ZHANGSUN",
    "尉迟": "YUCHI", "万俟": "MOQI", "澹台": "TANTAI", "单于": "CHANYU", "乐正": "YUEZHENG",
    "亓官": "QIGUAN", "宰父": "ZAIFU", "夹谷": "JIAGU", "子车": "ZIJU",
}  # fmt: skip
"""Other readings exist in families (盖 GAI, 乐 LE, 覃 TAN, 牟 MOU): the travel document wins."""
