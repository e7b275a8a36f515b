package dev.strongroom.hsm.node.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.Hazelcast;
import dev.strongroom.hsm.node.TlsFiles;
import dev.strongroom.hsm.node.cluster.MemberFixture.Received;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HazelcastMembersTest {

    private static final int LARGE_BYTES = 5 << 20;
    private static final int SMALL_BYTES = 64;

    @Test
    void threeMembersThatStartTogetherSpeakInEveryDirection() {
        try (var fixture = new MemberFixture("n1", "n2", "n3")) {
            var members = fixture.startTogether(fixture.settings("n1"), fixture.settings("n2"), fixture.settings("n3"));
            for (var from : members) {
                for (var to : members) {
                    if (!from.nodeId().equals(to.nodeId())) {
                        MemberFixture.awaitPath(from, to);
                    }
                }
            }
            for (var member : members) {
                MemberFixture.await(
                        "all alive", () -> member.members().liveMembers().size() == 2);
            }
            var large = new byte[LARGE_BYTES];
            new Random(5).nextBytes(large);
            for (var to : List.of("n2", "n3")) {
                members.get(0).members().send(to, large);
            }
            for (var to : members.subList(1, 3)) {
                assertEquals(new Received("n1", Bytes.copyOf(large)), to.next());
            }
        }
    }

    @Test
    void tenThousandMessagesArriveOnceEach() {
        int count = 10_000;
        try (var fixture = new MemberFixture("n1", "n2")) {
            var n1 = fixture.start("n1");
            var n2 = fixture.start("n2");
            MemberFixture.awaitPath(n1, n2);
            for (int i = 0; i < count; i++) {
                n1.members()
                        .send("n2", ByteBuffer.allocate(SMALL_BYTES).putInt(i).array());
            }
            var numbers = new HashSet<Integer>();
            while (numbers.size() < count) {
                var received = n2.next();
                if (received.message().length() == SMALL_BYTES) {
                    int number =
                            ByteBuffer.wrap(received.message().readOnlyArray()).getInt();
                    assertTrue(numbers.add(number), () -> number + " came twice");
                }
            }
            n1.members().send("n2", new byte[0]);
            assertEquals(new Received("n1", Bytes.empty()), n2.next(), "and nothing came after them");
        }
    }

    /** Every byte between the two is recorded; nothing of what they said, and no greeting of Hazelcast's, is in it. */
    @Test
    void theNetworkSeesNothingOfWhatIsSaid() throws Exception {
        var planted =
                "planted-" + Bytes.wrap(MemberFixture.RANDOM.generateSeed(24)).toHex();
        var behind =
                MemberFixture.freePorts(2).stream().map(MemberFixture::loopback).toList();
        try (var fixture = new MemberFixture("n1", "n2");
                var relay1 = new RecordingRelay(fixture.address("n1"), behind.get(0));
                var relay2 = new RecordingRelay(fixture.address("n2"), behind.get(1))) {
            var members = fixture.startTogether(
                    behindRelay(fixture, "n1", behind.get(0)), behindRelay(fixture, "n2", behind.get(1)));
            var n1 = members.get(0);
            var n2 = members.get(1);
            MemberFixture.awaitPath(n1, n2);
            MemberFixture.awaitPath(n2, n1);
            var message = Bytes.wrap(planted.repeat(1000).getBytes(US_ASCII));
            n1.members().send("n2", message.toArray());
            n2.members().send("n1", message.toArray());
            assertEquals(new Received("n1", message), n2.next());
            assertEquals(new Received("n2", message), n1.next());
            var traffic = new String(relay1.recorded(), ISO_8859_1) + new String(relay2.recorded(), ISO_8859_1);
            assertTrue(traffic.length() > 2 * message.length(), "the relays saw it all");
            // Nothing shorter: what is encrypted holds every short word by chance, sometimes.
            for (var secret : List.of(planted, "hz:impl", MemberFixture.LINEAGE + "/")) {
                assertEquals(-1, traffic.indexOf(secret), secret);
            }
        }
    }

    @Test
    void aSilentPartitionHeals() throws Exception {
        var behind =
                MemberFixture.freePorts(2).stream().map(MemberFixture::loopback).toList();
        try (var fixture = new MemberFixture("n1", "n2");
                var relay1 = new RecordingRelay(fixture.address("n1"), behind.get(0));
                var relay2 = new RecordingRelay(fixture.address("n2"), behind.get(1))) {
            var members = fixture.startTogether(
                    behindRelay(fixture, "n1", behind.get(0)), behindRelay(fixture, "n2", behind.get(1)));
            var n1 = members.get(0);
            var n2 = members.get(1);
            MemberFixture.awaitPath(n1, n2);
            relay1.silence();
            relay2.silence();
            MemberFixture.await(
                    "each thinks that it is alone",
                    () -> n1.members().liveMembers().isEmpty()
                            && n2.members().liveMembers().isEmpty());
            relay1.cut();
            relay2.cut();
            relay1.resume();
            relay2.resume();
            MemberFixture.awaitPath(n1, n2);
            MemberFixture.awaitPath(n2, n1);
            MemberFixture.await(
                    "they have merged",
                    () -> n1.members().liveMembers().equals(Set.of("n2"))
                            && n2.members().liveMembers().equals(Set.of("n1")));
            MemberFixture.awaitPath(n1, n2);
            MemberFixture.awaitPath(n2, n1);
        }
    }

    @Test
    void aHazelcastThatGaveUpIsStartedAgain() {
        try (var fixture = new MemberFixture("n1", "n2")) {
            var n1 = fixture.start("n1");
            var n2 = fixture.start("n2");
            Hazelcast.getHazelcastInstanceByName(MemberFixture.LINEAGE + "/n2")
                    .getLifecycleService()
                    .terminate();
            MemberFixture.awaitPath(n1, n2);
            MemberFixture.await(
                    "both are alive again",
                    () -> n1.members().liveMembers().equals(Set.of("n2"))
                            && n2.members().liveMembers().equals(Set.of("n1")));
        }
    }

    /** The other member connects out past the crowd at its door; when the crowd has gone, the door opens again. */
    @Test
    void aCrowdOfStrangersDoesNotKeepMembersApart() throws Exception {
        var strangers = new ArrayList<Socket>();
        try (var fixture = new MemberFixture("n1", "n2")) {
            var n1 = fixture.start("n1");
            for (int i = 0; i < 200; i++) {
                try {
                    strangers.add(new Socket(
                            InetAddress.getLoopbackAddress(),
                            fixture.address("n1").port()));
                } catch (SocketException e) {
                    // Turned away before it was through the door.
                    assertTrue(i >= 64, () -> "among the first: " + e);
                }
            }
            var n2 = fixture.start("n2");
            MemberFixture.awaitPath(n1, n2);
            MemberFixture.awaitPath(n2, n1);
            for (var stranger : strangers) {
                stranger.close();
            }
            MemberFixture.await("the door is open", () -> isAnswered(fixture));
        }
    }

    /** Keys are renewed after every 64 KiB here (RFC 8446 §4.6.3), so the large message meets many renewals. */
    @Test
    void threeProcessesSpeakAndOneThatIsKilledComesBack(@TempDir Path directory) throws Exception {
        var security = Files.writeString(
                directory.resolve("security"), "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^16\n");
        var arguments = List.of("-Djava.security.properties=" + security);
        var processes = new HashMap<String, MemberProcess>();
        try (var fixture = new MemberFixture("n1", "n2", "n3")) {
            for (var id : fixture.addresses.keySet()) {
                var tls = Files.createDirectory(directory.resolve(id));
                TlsFiles.in(tls).write(fixture.node(id));
                processes.put(id, new MemberProcess(id, tls, fixture.addresses, arguments));
            }
            assertAllSpeak(processes);
            Objects.requireNonNull(processes.get("n2")).close();
            processes.put("n2", new MemberProcess("n2", directory.resolve("n2"), fixture.addresses, arguments));
            assertAllSpeak(processes);
        } finally {
            processes.values().forEach(MemberProcess::close);
        }
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        try (var fixture = new MemberFixture("n1", "n2")) {
            var gateway = fixture.authority.issue(PeerIdentity.gateway("n1"), List.of());
            assertThrows(IllegalArgumentException.class, () -> fixture.settings("n1", gateway), "not a node");
            var stranger = fixture.node("n9");
            assertThrows(IllegalArgumentException.class, () -> fixture.settings("n1", stranger), "not listed");
            var twice = Map.of("n1", fixture.address("n1"), "n2", fixture.address("n1"));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new MemberSettings("one", fixture.node("n1"), fixture.address("n1"), twice),
                    "two at one address");
        }
    }

    @Test
    void aPortThatIsTakenIsReported() throws Exception {
        try (var fixture = new MemberFixture("n1");
                var taken = new ServerSocket(fixture.address("n1").port(), 1, InetAddress.getLoopbackAddress())) {
            assertEquals(fixture.address("n1").port(), taken.getLocalPort());
            var n1 = fixture.create(fixture.settings("n1"));
            assertThrows(IllegalStateException.class, () -> n1.members().start());
        }
    }

    private static boolean isAnswered(MemberFixture fixture) {
        try (var socket = MemberProbe.connect(fixture.node("n2"), fixture.address("n1"))) {
            return MemberProbe.answer(socket, MemberProbe.MEMBER_PROTOCOL, 3).length == 3;
        } catch (IOException e) {
            return false;
        }
    }

    private static MemberSettings behindRelay(MemberFixture fixture, String id, MemberAddress listen) {
        return new MemberSettings(MemberFixture.LINEAGE, fixture.node(id), listen, fixture.addresses);
    }

    /** A word in every direction, and something large once around. */
    private static void assertAllSpeak(Map<String, MemberProcess> processes) {
        for (var from : processes.values()) {
            for (var to : processes.values()) {
                if (!from.nodeId().equals(to.nodeId())) {
                    assertSpeaks(from, to, 1);
                }
            }
        }
        for (var way : List.of(List.of("n1", "n2"), List.of("n2", "n3"), List.of("n3", "n1"))) {
            assertSpeaks(
                    Objects.requireNonNull(processes.get(way.get(0))),
                    Objects.requireNonNull(processes.get(way.get(1))),
                    LARGE_BYTES);
        }
    }

    private static void assertSpeaks(MemberProcess from, MemberProcess to, int bytes) {
        var wanted = "got " + from.nodeId() + " " + bytes + " " + MemberProcess.sum(bytes);
        MemberFixture.await(from.nodeId() + " to " + to.nodeId(), () -> {
            from.send(to.nodeId(), bytes);
            return to.reports(wanted, bytes == 1 ? 100 : 5000);
        });
    }
}
