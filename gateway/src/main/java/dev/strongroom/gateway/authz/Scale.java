package dev.strongroom.gateway.authz;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/** Texts in conditions that have an order: numbers and points in time. */
final class Scale {

    /** Longer or larger numbers are refused, as arithmetic with them could be made to cost much. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?[0-9]{1,40}(?:\\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?");

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private Scale() {}

    /** How a text is read; empty if it is no such thing. */
    @FunctionalInterface
    interface Reader<T> {
        Optional<T> read(String text);
    }

    static Optional<BigDecimal> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    /**
     * A point in time: seconds since 1970, or one of the forms of W3C's "Date and Time Formats", from the year to fractions
     * of a second. What is not said is the first: month, day, midnight UTC.
     */
    static Optional<Instant> time(String text) {
        try {
            if (text.length() == 4) {
                return Optional.of(start(YearMonth.of(Integer.parseInt(text), 1).atDay(1)));
            } else if (SECONDS.matcher(text).matches()) {
                return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
            } else if (text.indexOf('T') > 0) {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
            } else if (text.length() == 7) {
                return Optional.of(start(YearMonth.parse(text).atDay(1)));
            }
            return Optional.of(start(LocalDate.parse(text)));
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
