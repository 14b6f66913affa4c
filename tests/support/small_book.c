#include "tests/support/small_book.h"

#include <stdio.h>

void small_book_write(const struct small_city *small, const char *function)
{
    char assign[2048];
    small_city_write(small, "book", "table,note\ntriage,\nurgency,\nassign,\n");
    small_city_write(
        small, "triage",
        "F,诉求类型,事项,原工单,已答复,处理方式,告知,层级,抄送,依据\n"
        ",in:type,in:category,in:earlier,in:answered,out:disposition,out:advice,out:tier,"
        "out:informed,note:basis\n"
        ",type,category,earlier,answered,disposition,text,tier,function,text\n"
        "follow-up,-,-,yes,-,attach,,,,补充材料\n"
        "answered,enquiry,-,-,yes,on_the_spot,,,,当场答复\n"
        "fire,help,#03,-,-,transfer,119,county,police,紧急转接\n"
        "court,complaint,#03,-,-,redirect,\"请向人民法院起诉, 我们不受理\",,,涉法涉诉\n"
        "else,-,-,-,-,dispatch,,,,\n");
    small_city_write(small, "urgency",
                     "F,紧急程度,派单模式,紧急程度,办理时限,签收时限,依据\n"
                     ",in:urgency,in:regime,out:urgency,out:limit,out:sign,note:basis\n"
                     ",urgency,regime,urgency,limit,limit,text\n"
                     "flood,-,emergency,critical,2h,30min,应急预案\n"
                     "urgent,\"urgent, critical\",-,,24h,2h,紧急件\n"
                     "else,-,-,,2wd,1wd,一般件\n");
    snprintf(assign, sizeof assign,
             "F,事项,地点,派单模式,层级,职能,协办,抄送,来电人,依据\n"
             ",in:category,in:place,in:regime,out:tier,out:function,out:co,out:informed,"
             "out:reporter,note:basis\n"
             ",category,place,regime,tier,function,function,function,reporter,text\n"
             "flood,#0101,-,emergency,county,water,,,shown,防汛\n"
             "urban,#0101,\"#511126, #511102\",-,county,%s,police,health,shown,市容\n"
             "rubbish,#0102,-,-,township,general,,,shown,属地管理\n"
             "fund,#02,-,-,city,fund,,,shown,公积金\n"
             "else,-,-,-,city,desk,,,shown,\n",
             function);
    small_city_write(small, "assign", assign);
}
