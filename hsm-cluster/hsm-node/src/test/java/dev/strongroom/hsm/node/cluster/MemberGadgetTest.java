package dev.strongroom.hsm.node.cluster;

import static dev.strongroom.hsm.node.cluster.MemberProbe.MEMBER_PROTOCOL;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.internal.nio.Packet;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a member that was taken over can make the others do by sending objects: nothing. */
class MemberGadgetTest {

    private static final MemberFixture FIXTURE = new MemberFixture("n1", "n2", "n4");
    private static final MemberFixture.Started N1 = FIXTURE.create(FIXTURE.settings("n1"));

    @BeforeAll
    static void start() {
        N1.members().start();
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    /** Counts how often it was deserialized, as a gadget would act. */
    static final class Gadget implements Callable<Integer>, Serializable {

        private static final long serialVersionUID = 1L;
        static final AtomicInteger TRIGGERED = new AtomicInteger();

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            TRIGGERED.incrementAndGet();
        }

        @Override
        public Integer call() {
            return TRIGGERED.incrementAndGet();
        }
    }

    @Test
    void javaSerializationIsSwitchedOff() {
        var open = new DefaultSerializationServiceBuilder().build();
        var data = open.toData(new Gadget());
        int before = Gadget.TRIGGERED.get();
        var closed = new DefaultSerializationServiceBuilder()
                .setConfig(HazelcastConfig.of(FIXTURE.settings("n2")).getSerializationConfig())
                .build();
        assertThrows(RuntimeException.class, () -> closed.toObject(data));
        assertEquals(before, Gadget.TRIGGERED.get());
        Object control = open.toObject(data);
        assertEquals(Gadget.class, control.getClass());
        assertEquals(before + 1, Gadget.TRIGGERED.get(), "the control shows that this gadget works");
    }

    @ParameterizedTest
    @EnumSource(
            value = Packet.Type.class,
            names = {"EVENT", "SERVER_CONTROL"})
    void aGadgetFromAMemberIsNotDeserialized(Packet.Type type) throws Exception {
        var gadget = new DefaultSerializationServiceBuilder().build().toData(new Gadget());
        int before = Gadget.TRIGGERED.get();
        try (var log = new LogCapture();
                var socket = MemberProbe.connect(FIXTURE.node("n2"), FIXTURE.address("n1"))) {
            var out = socket.getOutputStream();
            out.write(MEMBER_PROTOCOL);
            assertArrayEquals(MEMBER_PROTOCOL, socket.getInputStream().readNBytes(3));
            out.write(MemberProbe.frame(new Packet(gadget.toByteArray()).setPacketType(type)));
            out.flush();
            var refusal = "Resolving class " + Gadget.class.getName() + " is not allowed";
            MemberFixture.await("the filter's word", () -> log.contains(refusal));
        }
        assertEquals(before, Gadget.TRIGGERED.get());
    }

    /** What Hazelcast offers its members by design: run this for me. */
    @Test
    void aTaskFromAMemberIsNotRun() throws Exception {
        int before = Gadget.TRIGGERED.get();
        var n4 = FIXTURE.start("n4");
        try {
            assertEquals(Set.of("n1"), n4.members().liveMembers());
            var hazelcast = Hazelcast.getHazelcastInstanceByName(MemberFixture.LINEAGE + "/n4");
            var n1 = hazelcast.getCluster().getMembers().stream()
                    .filter(member -> !member.localMember())
                    .findFirst()
                    .orElseThrow();
            var task = hazelcast.getExecutorService("any").submitToMember(new Gadget(), n1);
            var refusal = assertThrows(ExecutionException.class, task::get);
            var message = String.valueOf(refusal.getMessage());
            assertTrue(message.contains(Gadget.class.getName() + " is not allowed"), message);
        } finally {
            n4.members().close();
        }
        assertEquals(before, Gadget.TRIGGERED.get());
    }

    @Test
    void whatIsNoMessageEndsTheConnection() throws Exception {
        var garbage = new Packet("garbage, more than eight bytes of it".getBytes(US_ASCII))
                .setPacketType(new MemberMessage(MemberFixture.LINEAGE)
                        .write(new byte[0])
                        .getPacketType());
        try (var socket = MemberProbe.connect(FIXTURE.node("n2"), FIXTURE.address("n1"))) {
            socket.getOutputStream().write(MEMBER_PROTOCOL);
            assertArrayEquals(MEMBER_PROTOCOL, socket.getInputStream().readNBytes(3));
            socket.getOutputStream().write(MemberProbe.frame(garbage));
            var unused = MemberProbe.readToEnd(socket.getInputStream());
        }
        assertTrue(N1.inbox().isEmpty());
    }
}
