"""Files of a few words in six encodings: how many are read, refused, and read as other words without a word.

Run by `make bench`. Names and remarks are put together at random from syllables and words of everyday use.
"""

import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from kpibook.reading.tables import read_table
from table_files import HEADER, LAYOUT

FILES = 20_000
WORDS = (1, 1, 2, 3, 5, 8, 20)
LIKE = 0.4
"""So many words are remarks; all others are names."""


class Kind:
    """Words of a language: family names, syllables of given names, remarks."""

    def __init__(self, families: Sequence[str], given: Sequence[str], remarks: str) -> None:
        self.families = families
        self.given = given
        self.remarks = remarks.split()

    def word(self, chance: random.Random) -> str:
        """A name or a remark."""
        if chance.random() < LIKE:
            return chance.choice(self.remarks)
        return chance.choice(self.families) + "".join(chance.choices(self.given, k=chance.choice((1, 2, 2))))


MAINLAND = Kind(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶",
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国文辉力志玉梅红晓燕鹏飞宇航子涵欣怡浩然梓萱雨桐思远嘉",
    "按时 完成 请假 病假 出差 迟到 未完成 已确认 见附件 销售部 人事部 新客户 退货 投诉 无 合格 优秀 培训 系统导出 离职",
)
TAIWAN = Kind(
    "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴徐周葉蘇莊呂江何羅高蕭潘簡朱鍾彭游詹胡施沈余趙盧梁顏柯孫魏翁戴",
    "志明淑芬俊傑美玲雅婷怡君家豪宗翰冠宇承恩雯佳穎建宏文雄秀英麗華惠欣宜蓁詩涵廷柏彥品妤思晴宥",
    "準時 完成 請假 病假 出差 遲到 未完成 已確認 銷售部 人事部 新客戶 退貨 投訴 無 合格 優秀 培訓 離職 促銷",
)
KOREA = Kind(
    "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허남심노하곽성차주우구나민진지엄채원천방공현",
    "민준서윤지우현도하은예주연수영희철호진성재경미정숙순자옥남석훈태상동규병기용찬혁원형빈유나라다가람솔별빛",
    "영업부 인사팀 완료 매출 실적 확인 출장 병가 휴가 달성 미달 신규 고객 서울 부산 비고 정상 지연 반품 김 이 똠방각하",
)
JAPAN = Kind(
    [
        "田中",
        "鈴木",
        "佐藤",
        "高橋",
        "伊藤",
        "渡辺",
        "山本",
        "中村",
        "小林",
        "加藤",
        "佐々木",
        "松本",
        "斎藤",
        "池田",
        "岡田",
    ],
    ["太郎", "花子", "一郎", "健太", "美咲", "さくら", "翔太", "けんじ", "ひろし", "愛", "結衣", "拓也"],
    "完了 出張 休暇 売上達成 未達 確認済み 新規顧客 営業部 備考なし コピー エラー テスト データ ｶﾅ ﾃｽﾄｱ ﾔﾏﾀﾞﾀﾛｳ",
)
EUROPE = Kind(
    ["Müller", "Strauß", "Åberg", "Noël"], ["-René", "-José", "-Zoë", "-Søren"], "Café señor déjà garçon naïve"
)
ENCODINGS: Mapping[str, Sequence[Kind]] = {
    "utf-8": (MAINLAND, TAIWAN, KOREA, JAPAN, EUROPE),
    "gb18030": (MAINLAND,),
    "big5": (TAIWAN,),
    "cp949": (KOREA,),
    "cp932": (JAPAN,),
    "latin-1": (EUROPE,),
}


def outcome(encoding: str, chance: random.Random) -> str:
    """What becomes of a file: read, refused, or other words for those that were written."""
    kind = chance.choice(ENCODINGS[encoding])
    words = [kind.word(chance) for _ in range(chance.choice(WORDS))]
    rows = "".join(f"E{at},sales,5,{word}\n" for at, word in enumerate(words))
    table, _ = read_table((HEADER + rows).encode(encoding), "a.csv", LAYOUT)
    if table is None:
        return "refused"
    found = {cells[0]: cells[3] for _, cells in table.rows()}
    if any(found[f"E{at}"] != word for at, word in enumerate(words) if f"E{at}" in found):
        return "other words"
    return "read" if len(found) == len(words) else "rows set aside"


def main(count: int) -> None:
    """Print the outcomes by encoding, next to how many may be other words."""
    chance, wrong = random.Random(count), 0
    for encoding in ENCODINGS:
        found = Counter(outcome(encoding, chance) for _ in range(count // len(ENCODINGS)))
        wrong += found["other words"]
        print(f"{encoding:10}", ", ".join(f"{number:,} {what}" for what, number in sorted(found.items())))
    print(f"files read as other words {wrong:22}   goal: 0")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FILES)
