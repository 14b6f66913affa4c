/* check - assertions that stay on.
 *
 * A failed CHECK is a bug of Lianxin's own, never bad input and never a bad machine. It says where,
 * and aborts: the store survives that. CHECK is for preconditions and invariants once a batch;
 * VERIFY is for those too dear per ticket, and is on in tests and sanitizer builds only.
 */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

_Noreturn void check_failed(const char *file, int line, const char *condition);

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (__builtin_expect(!(condition), 0))                                                     \
            check_failed(__FILE__, __LINE__, #condition);                                          \
    } while (0)

#ifdef LIANXIN_VERIFY
#define VERIFY(condition) CHECK(condition)
#else
#define VERIFY(condition) ((void)sizeof(condition))
#endif

#endif
