package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.SampleGrants.FREE;
import static dev.strongroom.hsm.node.command.SampleGrants.READER;
import static dev.strongroom.hsm.node.command.SampleGrants.RETIRER;
import static dev.strongroom.hsm.node.command.SampleGrants.creation;
import static dev.strongroom.hsm.node.command.SampleGrants.exactly;
import static dev.strongroom.hsm.node.command.SampleGrants.holding;
import static dev.strongroom.hsm.node.command.SampleGrants.newId;
import static dev.strongroom.hsm.node.command.SampleGrants.terms;
import static dev.strongroom.hsm.node.command.SampleGrants.toReader;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class GrantFormTest {

    private final TestNode node = new TestNode();
    private final KeyRecord key = node.createKey();

    @TestFactory
    Stream<DynamicTest> whatNoGrantLooksLikeIsRefused() {
        var longText = "x".repeat(513);
        var pairs = new HashMap<String, String>();
        IntStream.range(0, 9).forEach(i -> pairs.put("k" + i, "v"));
        var retiring = Optional.of(RETIRER);
        return Stream.of(
                        creation(key, "A".repeat(64), toReader()),
                        creation(key, "0".repeat(63), toReader()),
                        creation(key, newId(), terms("", "", FREE)),
                        creation(key, newId(), terms(longText, "", FREE)),
                        creation(key, newId(), terms(READER, longText, FREE)),
                        creation(key, newId(), new GrantRecord.Terms(READER, retiring, List.of(), FREE, "")),
                        creation(
                                key,
                                newId(),
                                new GrantRecord.Terms(READER, retiring, List.of("Encrypt", "Decrypt"), FREE, "")),
                        creation(
                                key,
                                newId(),
                                new GrantRecord.Terms(READER, retiring, List.of("Decrypt", "Decrypt"), FREE, "")),
                        creation(key, newId(), new GrantRecord.Terms(READER, retiring, List.of("kms:Sign"), FREE, "")),
                        creation(
                                key,
                                newId(),
                                new GrantRecord.Terms(READER, Optional.of(""), List.of("Decrypt"), FREE, "")),
                        creation(
                                key,
                                newId(),
                                new GrantRecord.Terms(
                                        new GrantRecord.Party(READER, Optional.of("somebody")),
                                        Optional.empty(),
                                        List.of("Decrypt"),
                                        FREE,
                                        "")),
                        creation(key, newId(), terms(READER, "", exactly(pairs))),
                        creation(key, newId(), terms(READER, "", holding(Map.of("", "v")))),
                        creation(key, newId(), terms(READER, "", holding(Map.of("k", "v".repeat(385))))),
                        new GrantCommand.CreateGrant(UUID.randomUUID(), authority(key), newId(), toReader(), "1234"))
                .map(command -> DynamicTest.dynamicTest(
                        command.toString(), () -> assertEquals(Refusal.MALFORMED, node.refusal(command))));
    }
}
