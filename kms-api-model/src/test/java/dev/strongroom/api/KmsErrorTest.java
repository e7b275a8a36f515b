package dev.strongroom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KmsErrorTest {

    @Test
    void theModelHas48Errors() {
        assertEquals(
                48,
                Arrays.stream(KmsError.values()).filter(KmsError::isModelled).count());
    }

    @Test
    void everyModelledErrorIsDeclaredSomewhere() {
        var declared = EnumSet.noneOf(KmsError.class);
        for (var operation : Operation.values()) {
            declared.addAll(operation.declaredErrors());
        }
        assertEquals(
                Arrays.stream(KmsError.values()).filter(KmsError::isModelled).collect(Collectors.toSet()), declared);
    }

    @Test
    void everythingTheCallerCanMendIs400() {
        var others = Arrays.stream(KmsError.values())
                .filter(error -> error.status() != 400)
                .collect(Collectors.toMap(KmsError::code, KmsError::status));
        assertEquals(
                Map.of("KMSInternalException", 500, "KeyUnavailableException", 500, "DependencyTimeoutException", 503),
                others);
    }

    @Test
    void accessDeniedAloneSpellsItsTextWithACapital() {
        var capital = Arrays.stream(KmsError.values())
                .filter(error -> !error.messageKey().equals("message"))
                .collect(Collectors.toSet());
        assertEquals(Set.of(KmsError.ACCESS_DENIED), capital);
        assertEquals("Message", KmsError.ACCESS_DENIED.messageKey());
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsCode(KmsError error) {
        assertSame(error, KmsError.find(error.code()).orElseThrow());
        assertTrue(KmsError.find(error.name()).isEmpty());
    }

    @Test
    void exceptionTellsAbsentTextFromEmptyText() {
        assertNull(KmsException.of(KmsError.INVALID_CIPHERTEXT).text());
        assertEquals("", KmsException.of(KmsError.VALIDATION, "").text());
        assertEquals(
                "no such key",
                KmsException.of(KmsError.NOT_FOUND, "no such key").text());
    }

    @Test
    void exceptionHasNoStackTrace() {
        assertEquals(0, KmsException.of(KmsError.NOT_FOUND).getStackTrace().length);
    }
}
