package dev.strongroom.hsm.node.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.strongroom.hsm.node.cluster.PeerMessage.Answer;
import dev.strongroom.hsm.node.cluster.PeerMessage.Ask;
import dev.strongroom.hsm.node.cluster.PeerMessage.AwaitApplied;
import dev.strongroom.hsm.node.cluster.PeerMessage.Census;
import dev.strongroom.hsm.node.cluster.PeerMessage.HasApplied;
import dev.strongroom.hsm.node.cluster.PeerMessage.Hello;
import dev.strongroom.hsm.node.cluster.PeerMessage.Present;
import dev.strongroom.hsm.node.cluster.PeerMessage.Propose;
import dev.strongroom.hsm.node.cluster.PeerMessage.Raft;
import dev.strongroom.hsm.node.cluster.PeerMessage.Welcome;
import dev.strongroom.hsm.node.wire.RaftWire;
import io.microraft.RaftEndpoint;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages between nodes as {@code PeerMessage} of {@code raft.proto}, behind one format byte. */
final class ProtobufPeerCodec implements PeerCodec {

    private static final Logger LOG = LoggerFactory.getLogger(ProtobufPeerCodec.class);

    private static final int SINGLE_FIELDS = 8;

    @Override
    public byte[] encode(PeerMessage message) {
        return StrictWire.write(toWire(message));
    }

    @Override
    public Optional<PeerMessage> decode(byte[] octets) {
        try {
            return Optional.of(read(octets));
        } catch (MalformedMessageException e) {
            LOG.warn("a message between nodes is malformed and dropped: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static RaftWire.PeerMessage toWire(PeerMessage message) {
        var wire = RaftWire.PeerMessage.newBuilder();
        if (message instanceof Raft m) {
            wire.setRaft(octets(RaftWire.Delivery.newBuilder()
                    .setTo(LogCodec.toWire(m.to()))
                    .setMessage(ByteString.copyFrom(RaftMessageCodec.encode(m.message())))));
        } else if (message instanceof Propose m) {
            wire.setPropose(ByteString.copyFrom(TransactionCodec.encode(m.transaction())));
        } else if (message instanceof Ask m) {
            wire.setAsk(question(m.question(), 0));
        } else if (message instanceof Answer m) {
            wire.setAnswer(question(m.question(), m.index()));
        } else if (message instanceof AwaitApplied m) {
            wire.setAwaitApplied(question(m.question(), m.index()));
        } else if (message instanceof HasApplied m) {
            wire.setHasApplied(question(m.question(), 0));
        } else if (message instanceof Census m) {
            wire.setCensus(octets(RaftWire.Census.newBuilder()
                    .setCount(m.count())
                    .addAllMembers(toWire(m.members()))
                    .setMembersIndex(m.membersIndex())));
        } else if (message instanceof Present m) {
            wire.setPresent(
                    octets(RaftWire.Present.newBuilder().setCount(m.count()).setMember(LogCodec.toWire(m.member()))));
        } else if (message instanceof Hello m) {
            wire.setHello(octets(RaftWire.Hello.newBuilder()
                    .setMember(LogCodec.toWire(m.member()))
                    .setBoot(m.boot())
                    .setNonce(m.nonce())
                    .setUnseated(m.unseated())
                    .setTerm(m.term())
                    .setLastIndex(m.lastIndex())));
        } else {
            wire.setWelcome(welcome((Welcome) message));
        }
        return wire.build();
    }

    private static PeerMessage read(byte[] octets) throws MalformedMessageException {
        if (octets.length > RaftMessageCodec.MAX_MESSAGE_BYTES) {
            throw new MalformedMessageException("it has " + octets.length + " bytes");
        }
        var wire = StrictWire.read(RaftWire.PeerMessage.parser(), octets, SINGLE_FIELDS);
        return switch (wire.getMessageCase()) {
            case RAFT -> raft(wire.getRaft());
            case PROPOSE ->
                new Propose(TransactionCodec.decode(wire.getPropose().toByteArray()));
            case ASK -> new Ask(bare(wire.getAsk()));
            case ANSWER -> new Answer(question(wire.getAnswer()).getQuestion(), index(wire.getAnswer()));
            case AWAIT_APPLIED ->
                new AwaitApplied(question(wire.getAwaitApplied()).getQuestion(), index(wire.getAwaitApplied()));
            case HAS_APPLIED -> new HasApplied(bare(wire.getHasApplied()));
            case CENSUS -> census(wire.getCensus());
            case PRESENT -> present(wire.getPresent());
            case HELLO -> hello(wire.getHello());
            case WELCOME -> welcome(wire.getWelcome());
            default -> throw new MalformedMessageException("a message without a kind");
        };
    }

    private static Raft raft(ByteString octets) throws MalformedMessageException {
        var wire = StrictWire.parse(RaftWire.Delivery.parser(), octets, SINGLE_FIELDS);
        return new Raft(
                LogCodec.member(wire.getTo()),
                RaftMessageCodec.decode(wire.getMessage().toByteArray()));
    }

    private static ByteString question(long question, long index) {
        return octets(RaftWire.Question.newBuilder().setQuestion(question).setIndex(index));
    }

    private static RaftWire.Question question(ByteString octets) throws MalformedMessageException {
        return StrictWire.parse(RaftWire.Question.parser(), octets, SINGLE_FIELDS);
    }

    private static long index(ByteString octets) throws MalformedMessageException {
        return StrictWire.count(question(octets).getIndex(), "an index");
    }

    /** The question, where it comes without an index. */
    private static long bare(ByteString octets) throws MalformedMessageException {
        var wire = question(octets);
        if (wire.getIndex() != 0) {
            throw new MalformedMessageException("an index where there is none to be");
        }
        return wire.getQuestion();
    }

    private static Census census(ByteString octets) throws MalformedMessageException {
        var wire = StrictWire.parse(RaftWire.Census.parser(), octets, SINGLE_FIELDS + LogCodec.MAX_MEMBERS);
        return new Census(
                wire.getCount(), members(wire.getMembersList()), StrictWire.count(wire.getMembersIndex(), "an index"));
    }

    private static Present present(ByteString octets) throws MalformedMessageException {
        var wire = StrictWire.parse(RaftWire.Present.parser(), octets, SINGLE_FIELDS);
        return new Present(wire.getCount(), LogCodec.member(wire.getMember()));
    }

    private static Hello hello(ByteString octets) throws MalformedMessageException {
        var wire = StrictWire.parse(RaftWire.Hello.parser(), octets, SINGLE_FIELDS);
        return new Hello(
                LogCodec.member(wire.getMember()),
                StrictWire.count(wire.getBoot(), "a start"),
                wire.getNonce(),
                wire.getUnseated(),
                StrictWire.count(wire.getTerm(), "a term"),
                StrictWire.count(wire.getLastIndex(), "an index"));
    }

    private static ByteString welcome(Welcome m) {
        return octets(RaftWire.Welcome.newBuilder()
                .setNonce(m.nonce())
                .setMember(LogCodec.toWire(m.member()))
                .setUnseated(m.unseated())
                .setForgotten(m.forgotten())
                .setLeader(m.leader())
                .addAllFounders(toWire(m.founders())));
    }

    private static Welcome welcome(ByteString octets) throws MalformedMessageException {
        var wire = StrictWire.parse(RaftWire.Welcome.parser(), octets, SINGLE_FIELDS + LogCodec.MAX_MEMBERS);
        if (wire.getLeader().length() > Member.MAX_NODE_ID_LENGTH) {
            throw new MalformedMessageException("a name that is too long");
        }
        return new Welcome(
                wire.getNonce(),
                LogCodec.member(wire.getMember()),
                wire.getUnseated(),
                wire.getForgotten(),
                wire.getLeader(),
                members(wire.getFoundersList()));
    }

    private static List<RaftWire.Endpoint> toWire(List<Member> members) {
        return LogCodec.toWire(List.<RaftEndpoint>copyOf(members));
    }

    private static List<Member> members(List<RaftWire.Endpoint> wire) throws MalformedMessageException {
        return LogCodec.members(wire).stream().map(Member.class::cast).toList();
    }

    private static ByteString octets(Message.Builder message) {
        return message.build().toByteString();
    }
}
