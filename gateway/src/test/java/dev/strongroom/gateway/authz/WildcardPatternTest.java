package dev.strongroom.gateway.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardPatternTest {

    @ParameterizedTest
    @CsvSource({
        "abc, abc, ab abcd abd ABC",
        "a*, a ab a*, b ba",
        "*c, c abc cc, cb ca",
        "a*c, ac abc acc, a c acb",
        "a?c, abc a?c, ac abbc",
        "*ab*ab, abab xabab ababab abxab, ab xab abb",
        "a**b, ab axb, a b",
        "kms:*key*, kms:putkeypolicy kms:key, kms:encrypt"
    })
    void starsStandForAnythingAndQuestionMarksForOne(String pattern, String matching, String others) {
        for (var name : List.of(matching.split(" ", -1))) {
            assertEquals(true, new WildcardPattern(pattern).matches(name), name);
        }
        for (var name : List.of(others.split(" ", -1))) {
            assertEquals(false, new WildcardPattern(pattern).matches(name), name);
        }
    }

    @Property(tries = 3000)
    void theQuickWayFindsWhatTheObviousOneFinds(@ForAll("patterns") String pattern, @ForAll("names") String name) {
        assertEquals(obviously(pattern, name), new WildcardPattern(pattern).matches(name));
    }

    private static boolean obviously(String pattern, String name) {
        if (pattern.isEmpty()) {
            return name.isEmpty();
        }
        var rest = pattern.substring(1);
        if (pattern.charAt(0) == '*') {
            return obviously(rest, name) || (!name.isEmpty() && obviously(pattern, name.substring(1)));
        }
        return !name.isEmpty()
                && (pattern.charAt(0) == '?' || pattern.charAt(0) == name.charAt(0))
                && obviously(rest, name.substring(1));
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("ab*?").ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ab").ofMaxLength(8);
    }
}
