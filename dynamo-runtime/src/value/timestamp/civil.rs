//! Days of the Gregorian calendar.

/// Days from 0000-03-01 to 1970-01-01. A year that starts in March has its leap day at its end.
const EPOCH: i64 = 719_468;
const DAYS_PER_400_YEARS: i64 = 146_097;

/// The days from the epoch to a date; `month` is 1 to 12 and `day` may run past the month's end.
pub(super) fn days_from_date(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let months_since_march = (month + 9) % 12;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + days_before_month(months_since_march) + day - 1 - EPOCH
}

/// The year, month and day of a day, counted from the epoch.
pub(super) fn date_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let (era, day_of_era) =
        (days.div_euclid(DAYS_PER_400_YEARS), days.rem_euclid(DAYS_PER_400_YEARS));
    // 1,460 days are four years without their leap day, 36,524 a century without its fourth, and so
    // on.
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    let months_since_march = (day_of_year * 5 + 2) / 153;
    let day = day_of_year - days_before_month(months_since_march) + 1;
    let month = (months_since_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month < 3);
    (year, month, day)
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_from_date(next_year, next_month, 1) - days_from_date(year, month, 1)
}

/// From March on, five months always have 153 days.
fn days_before_month(months_since_march: i64) -> i64 {
    (months_since_march * 153 + 2) / 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_dates() {
        assert_eq!(days_from_date(1970, 1, 1), 0);
        assert_eq!(days_from_date(2000, 2, 29), 11_016);
        assert_eq!(days_from_date(1, 1, 1), -719_162);
        assert_eq!(days_from_date(9999, 12, 31), 2_932_896);
        assert_eq!(days_in_month(1900, 2), 28);
        assert_eq!(days_in_month(2000, 2), 29);
        assert_eq!(days_in_month(2026, 12), 31);
    }

    #[test]
    fn every_day_of_ten_thousand_years_is_the_day_after_the_one_before() {
        let (mut year, mut month, mut day) = (0, 12, 31);
        for days in days_from_date(1, 1, 1)..=days_from_date(9999, 12, 31) {
            let date = date_from_days(days);
            let same_month = date == (year, month, day + 1) && day < days_in_month(year, month);
            let next_month = date == (year, month + 1, 1) && day == days_in_month(year, month);
            let next_year = date == (year + 1, 1, 1) && (month, day) == (12, 31);
            assert!(same_month || next_month || next_year, "{date:?}");
            assert_eq!(days_from_date(date.0, date.1, date.2), days);
            (year, month, day) = date;
        }
    }
}
