package dev.strongroom.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionContextTest {

    /** Golden: written by hand from the table in the class comment. They hold for ever. */
    static List<Arguments> vectors() {
        return List.of(
                Arguments.of(Map.of(), "01 00000000"),
                Arguments.of(Map.of("", ""), "01 00000001 00000000 00000000"),
                Arguments.of(Map.of("a", "1"), "01 00000001 00000001 61 00000001 31"),
                Arguments.of(
                        Map.of("b", "", "a", "xy", "ab", "é"),
                        "01 00000003 00000001 61 00000002 7879 00000002 6162 00000002 c3a9 00000001 62 00000000"),
                Arguments.of(Map.of("ab", "c"), "01 00000001 00000002 6162 00000001 63"),
                Arguments.of(Map.of("a", "bc"), "01 00000001 00000001 61 00000002 6263"),
                Arguments.of(
                        // U+FF61 sorts before U+1F511 in UTF-8, after it in UTF-16.
                        Map.of("\uD83D\uDD11", "2", "\uFF61", "1"),
                        "01 00000002 00000003 efbda1 00000001 31 00000004 f09f9491 00000001 32"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void hasExactlyTheseBytes(Map<String, String> context, String hex) {
        var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertEquals(HexFormat.of().formatHex(bytes), HexFormat.of().formatHex(EncryptionContext.canonical(context)));
        assertEquals(context, EncryptionContext.parse(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01",
                "00 00000000",
                "02 00000000",
                "01 00000000 00",
                "01 00000001",
                "01 ffffffff",
                "01 00000001 00000001 61 00000001",
                "01 00000001 00000002 61",
                "01 00000001 ffffffff 61 00000000",
                "01 00000001 00000001 61 7fffffff 31",
                "01 00000001 00000001 ff 00000000",
                "01 00000001 00000003 eda0bd 00000000",
                "01 00000002 00000001 61 00000000 00000001 61 00000000",
                "01 00000002 00000001 62 00000000 00000001 61 00000000"
            })
    void refusesWhatIsNotCanonical(String hex) {
        var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThrows(IllegalArgumentException.class, () -> EncryptionContext.parse(bytes));
    }

    @Test
    void doesNotDependOnTheOrderOfTheMap() {
        var forth = new LinkedHashMap<String, String>();
        var keys = new ArrayList<>(List.of("b", "a", "c", "", "aa"));
        keys.forEach(key -> forth.put(key, key + "!"));
        var back = new LinkedHashMap<String, String>();
        java.util.Collections.reverse(keys);
        keys.forEach(key -> back.put(key, key + "!"));
        assertArrayEquals(EncryptionContext.canonical(forth), EncryptionContext.canonical(back));
    }

    @Test
    void takes8192BytesAndNotOneMore() {
        assertEquals(5 + 8 + 8192, EncryptionContext.canonical(Map.of("key", "x".repeat(8189))).length);
        var refusal = assertThrows(
                KmsException.class, () -> EncryptionContext.canonical(Map.of("key", "x".repeat(8188) + "é")));
        assertEquals(KmsError.VALIDATION, refusal.error());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDD11", "a\uD83Db"})
    void refusesHalfSurrogatePairs(String text) {
        assertEquals(
                KmsError.VALIDATION,
                assertThrows(KmsException.class, () -> EncryptionContext.canonical(Map.of(text, "")))
                        .error());
        assertEquals(
                KmsError.VALIDATION,
                assertThrows(KmsException.class, () -> EncryptionContext.canonical(Map.of("a", text)))
                        .error());
    }
}
