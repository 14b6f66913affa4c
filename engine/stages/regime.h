/* regime - 派单模式: what the desk has chosen for the whole city.
 *
 * The calendar says 常规 or 假日; the desk may order any regime, and give the choice back to the
 * calendar. Its orders are acts on a ticket of their own, which the first of them opens under an id
 * that no adapter can use. So they are as durable as any case, have a history, and are found again
 * at start without a table.
 */
#ifndef STAGES_REGIME_H
#define STAGES_REGIME_H

#include "store/store.h"

/* What was ordered last; REGIME_NONE: nothing, the calendar's holds. */
enum regime regime_ordered(struct store *store);

#endif
