/* submit - submits one case and waits until it is durable: submit ID PLACE [FRONT]
 *
 * The library sends again what is not answered, under the same id, until it is.
 */
#include "lianxin.h"

#include <stdio.h>

struct adapter {
    const char *id;
    int code;
};

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    struct adapter *adapter = self;
    (void)tag; /* tells the cases apart where there are several */
    switch (answer->outcome) {
    case LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED:
        printf("accepted %s %s\n", answer->number, answer->unit);
        return;
    case LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE: /* as good: it is safe, and was before */
        printf("duplicate %s %s\n", answer->number, answer->unit);
        return;
    case LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT: /* a bug of ours: two cases under one id */
        fprintf(stderr, "conflict: %s is %s already, with other content\n", adapter->id,
                answer->number);
        break;
    default: /* invalid: does not help to send again before it is mended */
        fprintf(stderr, "invalid: %s '%s': %s\n", answer->field, answer->value, answer->message);
    }
    adapter->code = 1;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "Usage: submit ID PLACE [FRONT]\n");
        return 2;
    }
    struct adapter adapter = {.id = argv[1]};
    struct lianxin_submitter_options options = {.answered = answered, .self = &adapter};
    struct lianxin_submitter *submitter;
    Lianxin__V1__Case one = LIANXIN__V1__CASE__INIT;
    one.source = "example";
    one.external_id = argv[1];
    one.channel = LIANXIN__V1__CHANNEL__CHANNEL_WECHAT;
    one.type = LIANXIN__V1__TYPE__TYPE_COMPLAINT;
    one.category = "0701";
    one.place = argv[2];
    one.title = "夜间施工噪声";

    enum err err = lianxin_submitter_open(argc > 3 ? argv[3] : LIANXIN_FRONT, &options, &submitter);
    if (err == OK)
        err = lianxin_submitter_submit(submitter, &one, 0);
    while (err == OK && lianxin_submitter_pending(submitter) > 0)
        err = lianxin_submitter_step(submitter, 1000);
    if (err != OK) {
        fprintf(stderr, "submit: %s\n", lianxin_why());
        adapter.code = 4;
    }
    lianxin_submitter_close(&submitter);
    return adapter.code;
}
