package dev.strongroom.hsm.node.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ImportCommand.ImportType;
import dev.strongroom.hsm.protocol.ImportCommand.Terms;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.BackingKey;
import dev.strongroom.hsm.protocol.KeyRecord.ImportedMaterial;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImportRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofDays(1));
    private static final String HOME = "eu-west-1";
    private static final String AWAY = "us-east-1";

    /** A key in a state, with generations in the words of {@link #generations}. */
    private static KeyRecord key(KeyState state, String generations) {
        return key(KeySpec.SYMMETRIC_DEFAULT, state, generations);
    }

    private static KeyRecord key(KeySpec spec, KeyState state, String generations) {
        return new KeyRecord(
                new Stamp(1, 2, 3),
                new KeyName(new Scope("111122223333", HOME), "1234abcd-12ab-34cd-56ef-1234567890ab"),
                new KeyRecord.Attributes(spec, KeyUsage.ENCRYPT_DECRYPT, Origin.EXTERNAL, false, NOW),
                KeyRecord.Lifecycle.of(state),
                new KeyRecord.Documents("", "{}", List.of()),
                KeyRecord.Material.of(generations(generations)));
    }

    private static KeyRecord inRegion(String region, String primary, String generations) {
        var key = key(KeyState.ENABLED, generations);
        return new KeyRecord(
                key.stamp(),
                new KeyName(new Scope("111122223333", region), "mrk-1234abcd12ab34cd56ef1234567890ab"),
                new KeyRecord.Attributes(
                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.EXTERNAL, true, NOW),
                key.lifecycle(),
                key.documents(),
                new KeyRecord.Material(
                        key.backingKeys(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new KeyRecord.MultiRegion(new Stamp(4, 5, 6), primary, List.of("other")))));
    }

    /**
     * One word a generation: a letter that is its material, C, N, P or M for its state, and {@code -} if it is not there,
     * {@code !} if it expires at {@link #LATER}.
     */
    private static List<BackingKey> generations(String words) {
        return words.isEmpty()
                ? List.of()
                : Arrays.stream(words.split(" "))
                        .map(ImportRulesTest::generation)
                        .toList();
    }

    private static BackingKey generation(String word) {
        var state = switch (word.charAt(1)) {
            case 'C' -> MaterialState.CURRENT;
            case 'N' -> MaterialState.NON_CURRENT;
            case 'P' -> MaterialState.PENDING_ROTATION;
            default -> MaterialState.PENDING_MULTI_REGION_IMPORT_AND_ROTATION;
        };
        return new BackingKey(
                id(word.charAt(0)),
                materialId(word.charAt(0)),
                NOW.minusSeconds(60),
                state,
                Optional.empty(),
                Optional.of(new ImportedMaterial(
                        !word.endsWith("-"),
                        word.endsWith("!") ? Optional.of(LATER) : Optional.empty(),
                        "first " + word.charAt(0))));
    }

    /** The generations of a key in the same words. */
    private static String words(KeyRecord key) {
        var text = new StringBuilder();
        for (var generation : key.backingKeys()) {
            var imported = generation.imported().orElseThrow();
            text.append(text.isEmpty() ? "" : " ")
                    .append((char) generation.id().at(0))
                    .append(
                            switch (generation.state()) {
                                case CURRENT -> 'C';
                                case NON_CURRENT -> 'N';
                                case PENDING_ROTATION -> 'P';
                                case PENDING_MULTI_REGION_IMPORT_AND_ROTATION -> 'M';
                            })
                    .append(!imported.present() ? "-" : imported.validTo().isPresent() ? "!" : "");
        }
        return text.toString();
    }

    private static Bytes id(char material) {
        return Bytes.copyOf(String.valueOf(material).repeat(16).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static String materialId(char material) {
        return "%02x".formatted((int) material).repeat(32);
    }

    private static ImportRules.Arrival arrival(char material) {
        return new ImportRules.Arrival(id(material), materialId(material), Optional.empty());
    }

    private static Terms terms(String type) {
        return new Terms(
                type.equals("-") ? Optional.empty() : Optional.of(ImportType.valueOf(type + "_KEY_MATERIAL")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Refusal refusal(org.junit.jupiter.api.function.Executable work) {
        return assertThrows(Refused.class, work).refusal();
    }

    @Nested
    class Importing {

        @ParameterizedTest(name = "{0} with {1} takes {2} as {3}: {4} with {5}")
        @CsvSource(textBlock = """
                # state, has, comes, type, becomes, has then
                PENDING_IMPORT,'',a,-,ENABLED,aC
                PENDING_IMPORT,'',a,NEW,ENABLED,aC
                PENDING_IMPORT,aC-,a,-,ENABLED,aC
                PENDING_IMPORT,aC-,a,EXISTING,ENABLED,aC
                ENABLED,aC!,a,-,ENABLED,aC
                DISABLED,aC!,a,EXISTING,DISABLED,aC
                ENABLED,aC,b,NEW,ENABLED,aC bP
                DISABLED,aC,b,NEW,DISABLED,aC bP
                ENABLED,aC bP!,b,-,ENABLED,aC bP
                ENABLED,aC bP!,b,EXISTING,ENABLED,aC bP
                PENDING_IMPORT,aN- bC-,a,-,PENDING_IMPORT,aN bC-
                PENDING_IMPORT,aN bC-,b,-,ENABLED,aN bC
                PENDING_IMPORT,aN- bC,a,-,ENABLED,aN bC
                PENDING_IMPORT,aC- bP,a,-,ENABLED,aC bP
                PENDING_IMPORT,aC-,b,NEW,PENDING_IMPORT,aC- bP
                """)
        void givesTheKeyItsMaterial(
                KeyState state, String has, char comes, String type, KeyState becomes, String hasThen) {
            var after = ImportRules.imported(key(state, has), arrival(comes), terms(type), true, NOW);

            assertEquals(becomes, after.lifecycle().state());
            assertEquals(hasThen, words(after));
        }

        @ParameterizedTest(name = "{0} with {1} does not take {2} as {3}: {4}")
        @CsvSource(textBlock = """
                PENDING_IMPORT,'',a,EXISTING,INCORRECT_KEY_MATERIAL
                ENABLED,aC,a,NEW,INCORRECT_KEY_MATERIAL
                PENDING_IMPORT,aC-,a,NEW,INCORRECT_KEY_MATERIAL
                PENDING_IMPORT,aC-,b,-,INCORRECT_KEY_MATERIAL
                ENABLED,aC,b,EXISTING,INCORRECT_KEY_MATERIAL
                ENABLED,aC bP,c,NEW,ROTATION_PENDING
                ENABLED,aC bM,c,NEW,ROTATION_PENDING
                ENABLED,aC bP,b,NEW,INCORRECT_KEY_MATERIAL
                """)
        void refusesWhatIsNotExpected(KeyState state, String has, char comes, String type, Refusal refusal) {
            assertEquals(
                    refusal,
                    refusal(() -> ImportRules.imported(key(state, has), arrival(comes), terms(type), true, NOW)));
        }

        @Test
        void namesBothMaterialsWhenOneWaits() {
            var refused = assertThrows(
                    Refused.class,
                    () -> ImportRules.imported(key(KeyState.ENABLED, "aC bP"), arrival('c'), terms("NEW"), true, NOW));

            assertEquals(materialId('c') + " " + materialId('b'), refused.detail());
        }

        @ParameterizedTest
        @EnumSource(value = KeySpec.class, mode = EnumSource.Mode.EXCLUDE, names = "SYMMETRIC_DEFAULT")
        void onlySymmetricKeysEverTakeASecondMaterial(KeySpec spec) {
            assertEquals(
                    Refusal.INCORRECT_KEY_MATERIAL,
                    refusal(() -> ImportRules.imported(
                            key(spec, KeyState.ENABLED, "aC"), arrival('b'), terms("NEW"), true, NOW)));
            assertEquals(
                    Refusal.INCORRECT_KEY_MATERIAL,
                    refusal(() -> ImportRules.imported(
                            key(spec, KeyState.PENDING_IMPORT, "aC-"), arrival('b'), terms("-"), true, NOW)));
            var again = ImportRules.imported(
                    key(spec, KeyState.PENDING_IMPORT, "aC-"), arrival('a'), terms("-"), true, NOW);
            assertEquals(KeyState.ENABLED, again.lifecycle().state());
        }

        @Test
        void comparesWithTheMaterialNamed() {
            var named = new Terms(Optional.empty(), Optional.empty(), Optional.of(materialId('a')), Optional.empty());
            var key = key(KeyState.PENDING_IMPORT, "aN- bC-");

            assertEquals("aN bC-", words(ImportRules.imported(key, arrival('a'), named, true, NOW)));
            assertEquals(
                    Refusal.INCORRECT_KEY_MATERIAL,
                    refusal(() -> ImportRules.imported(key, arrival('b'), named, true, NOW)));
        }

        @Test
        void keepsWhatWasSaidOfTheMaterialUnlessSomethingElseIsSaid() {
            var key = key(KeyState.PENDING_IMPORT, "aC-");
            var renamed = new Terms(Optional.empty(), Optional.of(LATER), Optional.empty(), Optional.of("second a"));

            assertEquals(
                    Optional.of(new ImportedMaterial(true, Optional.empty(), "first a")),
                    ImportRules.imported(key, arrival('a'), terms("-"), true, NOW)
                            .currentBackingKey()
                            .flatMap(BackingKey::imported));
            assertEquals(
                    Optional.of(new ImportedMaterial(true, Optional.of(LATER), "second a")),
                    ImportRules.imported(key, arrival('a'), renamed, true, NOW)
                            .currentBackingKey()
                            .flatMap(BackingKey::imported));
        }

        @Test
        void keepsThePublicKeyOfAPair() {
            var publicKey = Bytes.ofHex("3001");
            var pair = new ImportRules.Arrival(id('a'), materialId('a'), Optional.of(publicKey));
            var after = ImportRules.imported(
                    key(KeySpec.RSA_2048, KeyState.PENDING_IMPORT, ""), pair, terms("-"), true, NOW);

            assertEquals(Optional.of(publicKey), after.material().publicKey());
            assertEquals(
                    Optional.of(publicKey),
                    ImportRules.deleted(after, id('a')).material().publicKey());
        }
    }

    @Nested
    class InSeveralRegions {

        @Test
        void newMaterialWaitsUntilEveryRegionHasIt() {
            var primary = inRegion(HOME, HOME, "aC");
            var waiting = ImportRules.imported(primary, arrival('b'), terms("NEW"), false, NOW);
            assertEquals("aC bM", words(waiting));

            var replica = inRegion(AWAY, HOME, "aC bM-");
            assertEquals("aC bM", words(ImportRules.imported(replica, arrival('b'), terms("-"), false, NOW)));
            assertEquals("aC bP", words(ImportRules.imported(replica, arrival('b'), terms("-"), true, NOW)));
        }

        @Test
        void newMaterialComesToThePrimaryFirst() {
            assertEquals(
                    Refusal.INVALID_FOR_KEY,
                    refusal(() ->
                            ImportRules.imported(inRegion(AWAY, HOME, "aC"), arrival('b'), terms("NEW"), true, NOW)));
        }

        @Test
        void materialThatLeavesAReplicaWaitsAgain() {
            assertEquals("aC bM-", words(ImportRules.deleted(inRegion(AWAY, HOME, "aC bP"), id('b'))));
        }

        @Test
        void materialThatLeavesThePrimaryIsForgotten() {
            assertEquals("aC", words(ImportRules.deleted(inRegion(HOME, HOME, "aC bP"), id('b'))));
        }

        @Test
        void oneMoreRegionMakesWhatWaitsWaitOn() {
            assertEquals(
                    "aC bM",
                    words(inRegion(HOME, HOME, "aC")
                            .with(ImportRules.joined(
                                    inRegion(HOME, HOME, "aC bP").material()))));
        }
    }

    @Nested
    class Leaving {

        @ParameterizedTest(name = "{0} with {1} without {2}: {3} with {4}")
        @CsvSource(textBlock = """
                ENABLED,aC,a,PENDING_IMPORT,aC-
                DISABLED,aC!,a,PENDING_IMPORT,aC-
                PENDING_DELETION,aC,a,PENDING_DELETION,aC-
                PENDING_REPLICA_DELETION,aC,a,PENDING_REPLICA_DELETION,aC-
                ENABLED,aN bC,a,PENDING_IMPORT,aN- bC
                ENABLED,aN bC,b,PENDING_IMPORT,aN bC-
                ENABLED,aC bP,b,ENABLED,aC
                PENDING_IMPORT,aC-,a,PENDING_IMPORT,aC-
                PENDING_IMPORT,aC- bP,b,PENDING_IMPORT,aC-
                """)
        void takesTheKeyItsMaterial(KeyState state, String has, char goes, KeyState becomes, String hasThen) {
            var after = ImportRules.deleted(key(state, has), id(goes));

            assertEquals(becomes, after.lifecycle().state());
            assertEquals(hasThen, words(after));
        }

        @ParameterizedTest(name = "{0} with {1} after the date: {2} with {3}")
        @CsvSource(textBlock = """
                ENABLED,aC!,PENDING_IMPORT,aC-
                DISABLED,aC!,PENDING_IMPORT,aC-
                PENDING_DELETION,aC!,PENDING_DELETION,aC-
                ENABLED,aN! bC,PENDING_IMPORT,aN- bC
                ENABLED,aN! bC!,PENDING_IMPORT,aN- bC-
                ENABLED,aC bP!,ENABLED,aC
                ENABLED,aC bP,ENABLED,aC bP
                """)
        void happensByItselfWhenTheTimeIsOver(KeyState state, String has, KeyState becomes, String hasThen) {
            var key = key(state, has);

            assertSame(key, ImportRules.asOf(key, LATER.minusMillis(1)));
            var after = ImportRules.asOf(key, LATER);
            assertEquals(becomes, after.lifecycle().state());
            assertEquals(hasThen, words(after));
            assertEquals(after, ImportRules.asOf(after, LATER.plus(Duration.ofDays(1))));
        }

        @Test
        void theNextDateIsTheEarliestOfWhatIsThere() {
            assertEquals(Optional.empty(), ImportRules.nextExpiry(key(KeyState.ENABLED, "aN bC")));
            assertEquals(Optional.of(LATER), ImportRules.nextExpiry(key(KeyState.ENABLED, "aN bC!")));
            assertEquals(Optional.empty(), ImportRules.nextExpiry(key(KeyState.PENDING_IMPORT, "")));
        }
    }

    @Nested
    class Rotating {

        @Test
        void makesWhatWaitedCurrent() {
            var after = ImportRules.rotated(key(KeyState.ENABLED, "aN bC cP"), NOW);

            assertEquals("aN bN cC", words(after));
            assertEquals(
                    Optional.of(RotationType.ON_DEMAND),
                    after.currentBackingKey().flatMap(BackingKey::rotation));
            assertEquals(NOW, after.currentBackingKey().orElseThrow().created());
        }

        @ParameterizedTest
        @CsvSource({"aC", "aN bC", "aC bM"})
        void needsMaterialThatWaitsForNothingElse(String has) {
            assertEquals(Refusal.INVALID_FOR_KEY, refusal(() -> ImportRules.rotated(key(KeyState.ENABLED, has), NOW)));
        }
    }
}
