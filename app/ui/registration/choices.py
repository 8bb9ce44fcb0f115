"""What can be chosen on the registration form: standards, and lists that nobody has verified yet."""

from app.domain.identity import DocumentType
from app.domain.people import Residence, Sex
from app.ui.texts.codes_and_identity import DOCUMENT_NAMES
from app.ui.texts.registration import RESIDENCES
from app.ui.texts.words import SEXES

Choices = tuple[tuple[str, str], ...]
"""Pairs of what is recorded and what is shown."""

DOCUMENT_TYPES: Choices = tuple(
    (str(kind), DOCUMENT_NAMES[kind]) for kind in DocumentType if kind is not DocumentType.DRIVING_LICENCE
)

SEX_CHOICES: Choices = (
    ("", "请选择"),
    *((str(sex), SEXES[sex]) for sex in (Sex.MALE, Sex.FEMALE, Sex.UNKNOWN, Sex.UNSTATED)),
)

POPULATION_GROUPS = (
    "学龄前儿童",
    "学生",
    "教职工",
    "农村居民",
    "60 岁及以上老年人",
    "医疗卫生人员",
    "养老机构人员",
    "海关边检、口岸一线人员",
    "进口冷链从业人员",
    "国际国内交通从业人员",
    "因公因私出国人员",
    "公安、武警、消防、社区人员",
    "水电气暖从业人员",
    "交通物流、环卫、殡葬、通讯人员",
    "其他",
)
"""The classes of 2021 and those of the practice site; the national list is open (domain.md §5.5): 未核实."""

RESIDENCE_CHOICES: Choices = (
    ("", "未登记"),
    *((str(residence), RESIDENCES[residence]) for residence in Residence),
)

RELATIONS = ("母亲", "父亲", "祖父", "祖母", "外祖父", "外祖母", "其他监护人")
PROXY_RELATIONS = ("子女", "配偶", "父母", "亲属", "村医", "网格员", "其他")

BOOKLETS: Choices = (("yes", "有"), ("", "无，用电子档案"))

NATIONALITIES: Choices = (
    ("CHN", "中国"),
    ("HKG", "中国香港"),
    ("MAC", "中国澳门"),
    ("TWN", "中国台湾"),
    ("VNM", "越南"),
    ("LAO", "老挝"),
    ("MMR", "缅甸"),
    ("PRK", "朝鲜"),
    ("KOR", "韩国"),
    ("JPN", "日本"),
    ("MNG", "蒙古"),
    ("RUS", "俄罗斯"),
    ("KAZ", "哈萨克斯坦"),
    ("KGZ", "吉尔吉斯斯坦"),
    ("TJK", "塔吉克斯坦"),
    ("PAK", "巴基斯坦"),
    ("AFG", "阿富汗"),
    ("IND", "印度"),
    ("NPL", "尼泊尔"),
    ("BTN", "不丹"),
    ("THA", "泰国"),
    ("KHM", "柬埔寨"),
    ("MYS", "马来西亚"),
    ("SGP", "新加坡"),
    ("IDN", "印度尼西亚"),
    ("PHL", "菲律宾"),
    ("USA", "美国"),
    ("GBR", "英国"),
    ("FRA", "法国"),
    ("DEU", "德国"),
    ("CAN", "加拿大"),
    ("AUS", "澳大利亚"),
    ("NGA", "尼日利亚"),
    ("EGY", "埃及"),
)
"""GB/T 2659-2000; another country's three letters may be typed."""

_ETHNIC_NAMES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 "
    "纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 "
    "鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
).split()
ETHNIC_GROUPS: Choices = (
    ("", "未登记"),
    *((f"{code:02d}", f"{name}族") for code, name in enumerate(_ETHNIC_NAMES, start=1)),
    ("97", "其他"),
    ("98", "外国血统"),
)
"""GB/T 3304, 01 to 56."""
