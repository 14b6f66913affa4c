/* small_book - a book of the small city that does all a book can.
 *
 *   triage    earlier ticket: attach; enquiry answered at once: on the spot; 03 is transferred to
 *             119 for help (the county's police hear of it) and redirected for a complaint
 *   urgency   2 working days and 1 to sign; urgent 24 h and 2 h; emergency 2 h and 30 min
 *   assign    0101 county urban with police, in an emergency water; 0102 township general; 02 fund;
 *             else the desk, which is a doubt where there is no category
 */
#ifndef TESTS_SUPPORT_SMALL_BOOK_H
#define TESTS_SUPPORT_SMALL_BOOK_H

#include "tests/support/small_city.h"

/* Writes it into the city's directory; but 0101 goes to the county's unit of this function, which
 * is urban above. */
void small_book_write(const struct small_city *small, const char *function);

#endif
