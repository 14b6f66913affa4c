/* Folding: each thing it does, on words that one can read; then, over random mixtures of all kinds
 * of characters, what holds for any text: no longer than before, still text, no line end, and the
 * same again when it is folded again. Set SEED to see a mixture again. */
#include "domain/text/fold.h"
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BYTES_MAX = 512, CHARACTERS_MAX = 40, ROUNDS = 50000 };

/* Into an allocation of exactly the bytes promised, so that the address sanitizer sees more. */
static struct span folded(struct span text)
{
    static uint8_t kept[BYTES_MAX];
    uint8_t *exact = malloc(text.bytes + (text.bytes == 0));
    cr_assert_not_null(exact);
    size_t bytes = fold(text, exact);
    cr_assert_leq(bytes, text.bytes);
    memcpy(kept, exact, bytes);
    free(exact);
    return span_of(kept, bytes);
}

static void expect(const char *text, const char *wanted)
{
    struct span got = folded(span_of_string(text));
    cr_expect(span_is(got, wanted), "'%s' becomes '%.*s', not '%s'", text, SPAN_ARG(got), wanted);
}

Test(fold, width_and_case)
{
    expect("ＫＴＶ", "ktv");
    expect("Wi-Fi 5G", "wi-fi 5g");
    expect("！～（１２３４５）", "!~(12345)");
    expect("噪音，很大。", "噪音,很大。");
    expect("ÄÖÜ ЖД", "ÄÖÜ ЖД");
    expect("@[`{", "@[`{");
}

Test(fold, traditional_characters_become_simplified)
{
    expect("夜間施工噪聲擾民", "夜间施工噪声扰民");
    expect("樂山市夾江縣", "乐山市夹江县");
    expect("薴苧苎", "苎苎苎");
    expect("𠌥", "𠆿");
    expect("𡠹", "㛿");
}

Test(fold, a_simplified_character_that_takes_more_bytes_is_not_taken)
{
    expect("㑮", "㑮"); /* 𫝈 */
}

Test(fold, blanks_between_chinese_characters_are_dropped)
{
    expect("施 工\r\n噪\t音", "施工噪音");
    expect("施　工\xC2\xA0噪\xE2\x80\x8B音\xEF\xBB\xBF大", "施工噪音大");
    expect("噪音。 很大 、吵", "噪音。很大、吵");
    expect("街 、\n《 噪音 》", "街、《噪音》");
}

Test(fold, other_runs_of_blanks_become_one_space)
{
    expect("wi \n fi", "wi fi");
    expect("A 栋", "a 栋");
    expect("栋　\tA", "栋 a");
    expect("噪音， 很大", "噪音, 很大");
    expect("😀 \n 😀", "😀 😀");
}

Test(fold, blanks_at_the_ends_are_dropped)
{
    expect("  噪音 \n", "噪音");
    expect("\n a ", "a");
    expect(" \xE3\x80\x80\n", "");
    expect("", "");
}

Test(fold, what_has_no_other_form_stays)
{
    expect("😀🏗️é¿", "😀🏗️é¿");
    expect("かな 한글", "かな 한글");
    expect("、〇《》", "、〇《》");
}

/* -- any text ---------------------------------------------------------------------------------- */

/* Of each kind, and those at the ends of ranges. */
static const char *const characters[] = {
    "a",
    "Z",
    "0",
    "~",
    "[",
    " ",
    "\n",
    "\t",
    "é",
    "Ж",
    "¥",
    "\xC2\xA0",
    "\xC2\x85",
    "　",
    "、",
    "。",
    "〿",
    "㐀",
    "䶿",
    "一",
    "鿿",
    "噪",
    "音",
    "間",
    "聲",
    "薴",
    "豈",
    "\xEF\xAB\xBF",
    "！",
    "Ａ",
    "ｚ",
    "～",
    "｟",
    "￥",
    "か",
    "한",
    "\xE2\x80\x8B",
    "\xE2\x80\xA8",
    "\xEF\xBB\xBF",
    "😀",
    "𠀀",
    "𡠹",
    "\xF0\xAF\xA8\x9D",
    "\xF4\x8F\xBF\xBF",
    "⺀",
    "⿟",
    "\xE3\x8F\xBF",
    "ꀀ",
};

static struct span random_text(uint8_t *text)
{
    size_t bytes = 0;
    long count = random() % CHARACTERS_MAX;
    for (long i = 0; i < count; i++) {
        const char *character =
            characters[(size_t)random() % (sizeof characters / sizeof characters[0])];
        memcpy(text + bytes, character, strlen(character));
        bytes += strlen(character);
    }
    return span_of(text, bytes);
}

Test(fold, any_text_stays_text_and_folds_to_itself_again)
{
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "fold/any_text: SEED=%u\n", seed);
    srandom(seed);
    for (int i = 0; i < ROUNDS; i++) {
        uint8_t buffer[BYTES_MAX];
        uint8_t once[BYTES_MAX];
        struct span text = random_text(buffer);
        struct span got = folded(text);
        memcpy(once, got.data, got.bytes);
        struct span first = span_of(once, got.bytes);
        cr_assert_eq(utf8_check(first), first.bytes, "'%.*s'", SPAN_ARG(text));
        cr_assert_null(memchr(once, '\n', first.bytes));
        struct span again = folded(first);
        cr_assert(span_equal(again, first), "'%.*s': '%.*s', then '%.*s'", SPAN_ARG(text),
                  SPAN_ARG(first), SPAN_ARG(again));
    }
}

Test(fold, every_character_folds_to_one_that_folds_to_itself)
{
    for (uint32_t code = 0x80; code < 0x110000; code++) {
        uint8_t text[4];
        uint8_t once[4];
        if (code >= 0xD800 && code < 0xE000)
            continue;
        size_t bytes = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        uint32_t rest = code;
        for (size_t i = bytes - 1; i > 0; i--, rest >>= 6)
            text[i] = (uint8_t)(0x80 | (rest & 0x3F));
        text[0] = (uint8_t)((bytes == 2 ? 0xC0 : bytes == 3 ? 0xE0 : 0xF0) | rest);
        struct span first = folded(span_of(text, bytes));
        memcpy(once, first.data, first.bytes);
        struct span again = folded(span_of(once, first.bytes));
        cr_assert(span_equal(again, span_of(once, again.bytes)) && again.bytes == first.bytes,
                  "U+%04X", code);
    }
}
