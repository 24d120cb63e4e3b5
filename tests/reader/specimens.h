#pragma once

#include "base/date.h"
#include "clients/reader/scan.h"

// What the tests of gate and kiosk scan. The persons are invented.
namespace paxid::reader::specimen {

inline constexpr base::Date kToday{std::chrono::year(2026), std::chrono::month(11),
                                   std::chrono::day(22)};

inline const Scan kPass{
    ScanKind::kPass,
    base::PersonalText("M1ROSSI/MARIO         EGHI789 FRAJFKXX 0123 326Y002A0001 100"),
    true,
    {}};
inline const Scan kOtherPass{
    ScanKind::kPass,
    base::PersonalText("M1NOVAK/EVA           EDEF456 FRAJFKXX 0123 326Y001B0002 100"),
    true,
    {}};
// Specimen of ICAO Doc 9303-4.
inline const Scan kDocument{ScanKind::kDocument,
                            base::PersonalText("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                               "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
                            true,
                            {}};
inline const Scan kBagTag{ScanKind::kOther, base::PersonalText("0220123456"), false, {}};

}  // namespace paxid::reader::specimen
