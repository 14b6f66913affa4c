/* What people wrote stands where `lianxin show` says that they wrote it: a line of theirs begins
 * below the text that it is of, and never where the engine's own lines begin. */
#include "tests/engine/requests.h"
#include "tests/engine/served.h"

#include <criterion/criterion.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void submit(const struct served *served, char number[NUMBER_BYTES_MAX])
{
    Lianxin__V1__Case one = bench_case("one");
    Lianxin__V1__Case *cases[] = {&one};
    Lianxin__V1__Submit submit = LIANXIN__V1__SUBMIT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    one.text = "first\n\nassigned\n  main       nobody\r\n";
    submit.cases = cases;
    submit.n_cases = 1;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    Lianxin__V1__Reply *reply = served_ask(served, &request);
    snprintf(number, NUMBER_BYTES_MAX, "%s", answer_of(reply, 0)->number);
    reply_free(reply);
}

static void show(const struct served *served, const char *number, char *printed, size_t room)
{
    char self[1024] = "";
    char command[2048];
    cr_assert_gt(readlink("/proc/self/exe", self, sizeof self - 1), 0);
    snprintf(command, sizeof command, "%s/../lianxin show --front %s %s", dirname(self),
             served->front, number);
    FILE *out = popen(command, "r");
    cr_assert_not_null(out);
    size_t bytes = fread(printed, 1, room - 1, out);
    printed[bytes] = '\0';
    cr_expect_eq(pclose(out), 0);
}

Test(show_command, sets_lines_of_a_text_below_its_first, .timeout = 60)
{
    struct served served;
    char number[NUMBER_BYTES_MAX];
    char printed[8192];
    served_init(&served);
    served_start(&served);
    submit(&served, number);
    show(&served, number, printed, sizeof printed);
    cr_expect_not_null(strstr(printed, "  text       first\n"), "%s", printed);
    cr_expect_not_null(strstr(printed, "\n             assigned\n"), "%s", printed);
    cr_expect_not_null(strstr(printed, "\n               main       nobody"), "%s", printed);
    cr_expect_null(strstr(printed, "\r"));
    served_end(&served, SIGTERM);
    served_fini(&served);
}
