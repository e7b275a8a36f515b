package dev.strongroom.hsm.node.cluster;

import com.google.protobuf.ByteString;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.wire.RaftWire;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.UUID;

/**
 * Transactions as bytes: one format byte, then {@code Transaction} of {@code raft.proto}. What one node encodes every
 * node can decode, so that nothing can enter the log at which the others would stop.
 */
public final class TransactionCodec {

    /** A longer transaction is refused by {@link #encode} and by {@link #decode}. */
    public static final int MAX_TRANSACTION_BYTES = 4 << 20;

    /** Enough to delete a key with its 50,000 grants. */
    public static final int MAX_WRITES = 65_536;

    private static final int SINGLE_FIELDS = 2;

    /** More than a write needs beside its payload: two ids, revision, kind, action, and what stands before fields. */
    private static final int LONGEST_FRAME = 64;

    private TransactionCodec() {}

    /**
     * The transaction as bytes.
     *
     * @throws IllegalArgumentException if the transaction is beyond the limits above or writes a record twice
     */
    public static byte[] encode(Transaction transaction) {
        return StrictWire.write(toWire(transaction));
    }

    /** Whether {@link #encode} takes it, as far as its size goes. */
    static boolean fits(Transaction transaction) {
        long octets = 0;
        for (var write : transaction.writes()) {
            octets += LONGEST_FRAME + (write instanceof Put put ? put.payload().length() : 0);
        }
        return transaction.writes().size() <= MAX_WRITES
                && (octets + LONGEST_FRAME <= MAX_TRANSACTION_BYTES
                        || encodedSize(transaction) <= MAX_TRANSACTION_BYTES);
    }

    private static int encodedSize(Transaction transaction) {
        return wire(transaction).getSerializedSize();
    }

    public static Transaction decode(byte[] octets) throws MalformedMessageException {
        requireSize(octets.length - 1);
        return transaction(StrictWire.read(RaftWire.Transaction.parser(), octets, SINGLE_FIELDS + MAX_WRITES));
    }

    static Transaction decode(ByteString octets) throws MalformedMessageException {
        requireSize(octets.size());
        return transaction(StrictWire.parse(RaftWire.Transaction.parser(), octets, SINGLE_FIELDS + MAX_WRITES));
    }

    private static void requireSize(int octets) throws MalformedMessageException {
        if (octets > MAX_TRANSACTION_BYTES) {
            throw new MalformedMessageException(
                    "a transaction has at most " + MAX_TRANSACTION_BYTES + " bytes, this one has " + octets);
        }
    }

    static RaftWire.Transaction toWire(Transaction transaction) {
        if (transaction.writes().size() > MAX_WRITES) {
            throw new IllegalArgumentException("a transaction has at most " + MAX_WRITES + " writes, this one has "
                    + transaction.writes().size());
        }
        var built = wire(transaction);
        if (built.getSerializedSize() > MAX_TRANSACTION_BYTES) {
            throw new IllegalArgumentException("a transaction has at most " + MAX_TRANSACTION_BYTES
                    + " bytes, this one has " + built.getSerializedSize());
        }
        return built;
    }

    private static RaftWire.Transaction wire(Transaction transaction) {
        var wire = RaftWire.Transaction.newBuilder()
                .setCommandIdHigh(transaction.commandId().getMostSignificantBits())
                .setCommandIdLow(transaction.commandId().getLeastSignificantBits());
        var ids = new HashSet<RecordId>();
        for (var write : transaction.writes()) {
            if (!ids.add(write.id())) {
                throw new IllegalArgumentException("the transaction writes record " + write.id() + " twice");
            }
            wire.addWrites(toWire(write));
        }
        return wire.build();
    }

    private static RaftWire.Write toWire(Write write) {
        if (write.expected() < 0) {
            throw new IllegalArgumentException("revisions count from 0, expected is " + write.expected());
        }
        var wire = RaftWire.Write.newBuilder()
                .setIdHigh(write.id().high())
                .setIdLow(write.id().low())
                .setExpected(write.expected());
        if (write instanceof Put put) {
            if (put.kind() < 0) {
                throw new IllegalArgumentException("kinds count from 0, this one is " + put.kind());
            }
            wire.setAction(RaftWire.Write.Action.PUT).setKind(put.kind()).setPayload(StrictWire.toWire(put.payload()));
        } else if (write instanceof Delete) {
            wire.setAction(RaftWire.Write.Action.DELETE);
        } else {
            wire.setAction(RaftWire.Write.Action.CHECK);
        }
        return wire.build();
    }

    private static Transaction transaction(RaftWire.Transaction wire) throws MalformedMessageException {
        var writes = new ArrayList<Write>(wire.getWritesCount());
        var ids = new HashSet<RecordId>();
        for (var each : wire.getWritesList()) {
            var write = write(each);
            if (!ids.add(write.id())) {
                throw new MalformedMessageException("a transaction writes a record twice");
            }
            writes.add(write);
        }
        return new Transaction(new UUID(wire.getCommandIdHigh(), wire.getCommandIdLow()), writes);
    }

    private static Write write(RaftWire.Write wire) throws MalformedMessageException {
        var id = new RecordId(wire.getIdHigh(), wire.getIdLow());
        var expected = StrictWire.count(wire.getExpected(), "an expected revision");
        if (wire.getAction() == RaftWire.Write.Action.PUT) {
            return new Put(
                    id, expected, StrictWire.count(wire.getKind(), "a kind"), StrictWire.fromWire(wire.getPayload()));
        }
        if (wire.getKind() != 0 || !wire.getPayload().isEmpty()) {
            throw new MalformedMessageException("only a put has a kind and a payload");
        }
        return switch (wire.getAction()) {
            case DELETE -> new Delete(id, expected);
            case CHECK -> new Check(id, expected);
            default -> throw new MalformedMessageException("a write without an action");
        };
    }
}
