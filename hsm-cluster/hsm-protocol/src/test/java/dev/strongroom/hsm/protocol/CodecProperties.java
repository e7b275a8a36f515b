package dev.strongroom.hsm.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.strongroom.hsm.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class CodecProperties {

    @Provide
    Arbitrary<Command<?>> commands() {
        return AnyValue.command();
    }

    @Provide
    Arbitrary<Reply> replies() {
        return AnyValue.reply();
    }

    @Provide
    Arbitrary<Refused> refusals() {
        return AnyValue.refused();
    }

    @Property
    void commandsComeBackAsTheyWere(@ForAll("commands") Command<?> command) throws Exception {
        var frame = Frames.read(Frames.of(command)).orElseThrow();
        assertEquals(7, frame.requestId());
        assertEquals(1_500, frame.deadlineMillis());
        assertEquals(command, CommandCodec.decode(frame));
        assertEquals(Frames.SERVED, frame.servedRequest());
    }

    @Property
    void repliesComeBackAsTheyWere(@ForAll("replies") Reply reply) throws Exception {
        assertEquals(new Answer.Given(reply), Frames.answer(Frames.of(reply)));
    }

    @Property(tries = 300)
    void refusalsComeBackAsTheyWere(@ForAll("refusals") Refused refused) throws Exception {
        var back = assertInstanceOf(Answer.Declined.class, Frames.answer(Frames.of(refused)))
                .refused();
        assertEquals(refused.refusal(), back.refusal());
        assertEquals(refused.detail(), back.detail());
        assertEquals(refused.fresh(), back.fresh());
    }

    @Property
    void anyBytesAreReadOrRefusedInOneWay(
            @ForAll @Size(max = 300) byte[] message, @ForAll @Size(max = 20) byte[] secret) {
        var octets = frame(message, secret);
        readsOrRefuses(octets, octets.clone());
    }

    @Property
    void bytesThatAreNoFrameAreReadOrRefusedInOneWay(@ForAll @Size(max = 100) byte[] octets) {
        readsOrRefuses(octets, octets.clone());
    }

    @Property
    void damagedCommandsAreReadOrRefusedInOneWay(@ForAll("commands") Command<?> command, @ForAll int where)
            throws Exception {
        damage(Frames.of(command), where);
    }

    @Property
    void damagedAnswersAreReadOrRefusedInOneWay(@ForAll("replies") Reply reply, @ForAll int where) throws Exception {
        damage(Frames.of(reply), where);
    }

    /** Every prefix of a message, in a frame of its own that is whole. */
    @Property(tries = 100)
    void truncatedMessagesAreReadOrRefusedInOneWay(@ForAll("commands") Command<?> command) {
        var message = CommandCodec.encode(command).toByteArray();
        for (var length = 0; length < Math.min(message.length, 400); length++) {
            var octets = frame(Arrays.copyOf(message, length), new byte[0]);
            readsOrRefuses(octets, octets.clone());
        }
    }

    @Property(tries = 300)
    void aFieldFromTheFutureAnywhereInACommandIsNotDropped(@ForAll("commands") Command<?> command) {
        for (var newer : withOneUnknownField(CommandCodec.encode(command))) {
            var octets = frame(newer.toByteArray(), command.secret().use(secret -> secret.clone()));
            var e = assertThrows(MalformedFrameException.class, () -> Frames.command(octets));
            assertTrue(e.isUnsupported(), () -> "taken for broken: " + e.getMessage());
        }
    }

    @Property(tries = 300)
    void aFieldFromTheFutureInAnAnswerIsPassedOver(@ForAll("replies") Reply reply) throws Exception {
        var newer = ReplyCodec.encode(reply).toBuilder()
                .setUnknownFields(unknownField())
                .build();
        var octets = frame(newer.toByteArray(), reply.secret().use(secret -> secret.clone()));
        assertEquals(new Answer.Given(reply), Frames.answer(octets));
    }

    @Property(tries = 200)
    void noSecretIsTakenWhereNoneBelongs(@ForAll("commands") Command<?> command, @ForAll("replies") Reply reply) {
        var carriesNone = command.secret().length() == 0 && !takesSecret(command);
        if (carriesNone) {
            var octets = frame(CommandCodec.encode(command).toByteArray(), new byte[] {1});
            assertThrows(MalformedFrameException.class, () -> Frames.command(octets));
        }
        if (Arrays.stream(reply.getClass().getRecordComponents()).noneMatch(c -> c.getType() == Plaintext.class)) {
            var octets = frame(ReplyCodec.encode(reply).toByteArray(), new byte[] {1});
            assertThrows(MalformedFrameException.class, () -> Frames.answer(octets));
        }
    }

    @Property(tries = 300)
    void secretsStandOutsideProtobuf(@ForAll("commands") Command<?> command) throws Exception {
        var octets = Frames.of(command);
        var secretBytes = command.secret().length();
        var tail = Arrays.copyOfRange(octets, octets.length - secretBytes, octets.length);
        assertArrayEquals(command.secret().use(secret -> secret.clone()), tail);
        assertEquals(
                octets.length - secretBytes - FrameCodec.HEADER_BYTES,
                CommandCodec.encode(command).getSerializedSize());
    }

    @Example
    void onlyUsesOfKeysAreRehearsedAndOnce() {
        var use = CommandCodec.encode(new UseCommand.GenerateRandom(1));
        var once = rehearsal(use);
        var login = CommandCodec.encode(new SessionCommand.Login("gateway", Plaintext.none()));
        for (var inner : List.of(once, login, Wire.Command.getDefaultInstance())) {
            var octets = frame(rehearsal(inner).toByteArray(), new byte[0]);
            assertThrows(MalformedFrameException.class, () -> Frames.command(octets));
        }
        var random = new UseCommand.GenerateRandom(1);
        assertThrows(IllegalArgumentException.class, () -> new UseCommand.Rehearse(new UseCommand.Rehearse(random)));
    }

    private static Wire.Command rehearsal(Wire.Command inner) {
        return Wire.Command.newBuilder()
                .setRehearse(Wire.Rehearse.newBuilder().setUse(inner))
                .build();
    }

    private static boolean takesSecret(Command<?> command) {
        var bearer = command instanceof UseCommand.Rehearse rehearsal ? rehearsal.use() : command;
        return Arrays.stream(bearer.getClass().getRecordComponents()).anyMatch(c -> c.getType() == Plaintext.class);
    }

    private static void damage(byte[] octets, int where) {
        var flipped = octets.clone();
        var bit = Math.floorMod(where, octets.length * 8);
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        readsOrRefuses(flipped, flipped.clone());
        var cut = Arrays.copyOf(octets, Math.floorMod(where, octets.length));
        readsOrRefuses(cut, cut.clone());
    }

    /** Nothing but {@link MalformedFrameException} may come out, whichever end reads the bytes. */
    private static void readsOrRefuses(byte[] asCommand, byte[] asAnswer) {
        try {
            var frame = Frames.read(asCommand);
            if (frame.isPresent()) {
                var command = CommandCodec.decode(frame.get());
                assertEquals(command, Frames.command(Frames.of(command)), "what was read can be written and read");
            }
        } catch (MalformedFrameException e) {
            assertTrue(e.getStackTrace().length == 0);
        }
        try {
            var frame = Frames.read(asAnswer);
            if (frame.isPresent()) {
                var unused = ReplyCodec.decode(frame.get());
            }
        } catch (MalformedFrameException e) {
            assertTrue(e.getStackTrace().length == 0);
        }
    }

    private static byte[] frame(byte[] message, byte[] secret) {
        return ByteBuffer.allocate(FrameCodec.HEADER_BYTES + message.length + secret.length)
                .putInt(33 + message.length + secret.length)
                .put(FrameCodec.VERSION)
                .putLong(7)
                .putInt(1_500)
                .putLong(0)
                .putLong(0)
                .putInt(message.length)
                .put(message)
                .put(secret)
                .array();
    }

    /** The message with one more field than this version knows, once for every message inside it. */
    private static List<Message> withOneUnknownField(Message message) {
        var all = new ArrayList<Message>();
        all.add(message.toBuilder().setUnknownFields(unknownField()).build());
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                return;
            }
            if (field.isRepeated()) {
                var items = (List<?>) value;
                for (var i = 0; i < items.size(); i++) {
                    for (var newer : withOneUnknownField((Message) items.get(i))) {
                        all.add(message.toBuilder()
                                .setRepeatedField(field, i, newer)
                                .build());
                    }
                }
            } else {
                for (var newer : withOneUnknownField((Message) value)) {
                    all.add(message.toBuilder().setField(field, newer).build());
                }
            }
        });
        return all;
    }

    private static UnknownFieldSet unknownField() {
        return UnknownFieldSet.newBuilder()
                .addField(1_000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
    }

    @Property(tries = 1)
    void everyCommandAndEveryReplyHasAMessage() {
        var commands = Wire.Command.getDescriptor().getFields().size();
        assertEquals(AnyValue.leaves(Command.class).size(), commands);
        // One more: the refusal.
        var answers = Wire.Answer.getDescriptor().getFields().size();
        assertEquals(Reply.class.getPermittedSubclasses().length + 1, answers);
    }
}
