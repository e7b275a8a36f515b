package dev.strongroom.gateway.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.Page;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class MarkerProperties {

    @Property
    void aMarkerLeadsBackToWhereItWasMade(
            @ForAll("text") String last, @ForAll @LongRange(min = 0) long index, @ForAll("list") String list) {
        var marker = Marker.after(last, index, list);
        assertEquals(new Page(last, 10, index), Marker.page(marker, 10, 50, 100, list));
    }

    @Property
    void aMarkerFitsIntoItsMember(@ForAll("text") String last, @ForAll @LongRange(min = 0) long index) {
        var marker = Marker.after(last, index, "ListResourceTags/mrk-1234abcd12ab34cd56ef1234567890ab");
        assertTrue(marker.length() <= 1024, () -> marker.length() + " characters");
        assertTrue(marker.chars().allMatch(c -> c > ' ' && c < 127));
    }

    @Property
    void aMarkerOfAnotherListIsRefused(
            @ForAll("text") String last, @ForAll("list") String list, @ForAll("list") String other) {
        if (!list.equals(other)) {
            assertRefused(Marker.after(last, 1, list), other);
        }
    }

    @Property
    void whateverIsNotAMarkerIsRefused(@ForAll String garbage, @ForAll("list") String list) {
        assertRefused(garbage, list);
        assertRefused(Base64.getUrlEncoder().encodeToString(garbage.getBytes(UTF_8)), list);
    }

    @Property
    void aDamagedMarkerLeadsSomewhereInTheSameListOrIsRefused(
            @ForAll("text") String last, @ForAll("list") String list, @ForAll int place, @ForAll char damage) {
        var marker = new StringBuilder(Marker.after(last, 1, list));
        marker.setCharAt(Math.floorMod(place, marker.length()), damage);
        try {
            var page = Marker.page(marker.toString(), 10, 50, 100, list);
            assertEquals(10, page.limit());
            assertTrue(page.minimumIndex() >= 0);
        } catch (KmsException e) {
            assertEquals(KmsError.INVALID_MARKER, e.error());
        }
    }

    /** The longest thing a list is ordered by is the key of a tag. */
    @Provide
    Arbitrary<String> text() {
        return Arbitraries.strings()
                .ofMaxLength(128)
                .filter(text -> UTF_8.newEncoder().canEncode(text));
    }

    @Provide
    Arbitrary<String> list() {
        return Arbitraries.of(
                "ListKeys",
                "ListAliases/",
                "ListAliases/1234abcd-12ab-34cd-56ef-1234567890ab",
                "ListResourceTags/1234abcd-12ab-34cd-56ef-1234567890ab",
                "ListResourceTags/mrk-1234abcd12ab34cd56ef1234567890ab");
    }

    private static void assertRefused(String marker, String list) {
        var e = assertThrows(KmsException.class, () -> Marker.page(marker, 10, 50, 100, list));
        assertEquals(KmsError.INVALID_MARKER, e.error());
    }
}
