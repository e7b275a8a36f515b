package dev.strongroom.hsm.node.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.IOException;

/**
 * Protobuf from somebody who may be broken. What is accepted is exactly what {@link #write} makes, so there is one
 * encoding of each message, and memory is bounded by the caller's count of fields and by the size of the input.
 */
final class StrictWire {

    private static final byte FORMAT = 1;

    private StrictWire() {}

    /** Format byte and message. */
    static byte[] write(Message message) {
        var size = message.getSerializedSize();
        var out = new byte[1 + size];
        out[0] = FORMAT;
        var stream = CodedOutputStream.newInstance(out, 1, size);
        try {
            message.writeTo(stream);
        } catch (IOException e) {
            throw new IllegalStateException("an array of the message's own size holds it", e);
        }
        stream.checkNoSpaceLeft();
        return out;
    }

    /** What {@link #write} made, if it has no more than {@code maxFields} fields. */
    static <M extends Message> M read(Parser<M> parser, byte[] octets, int maxFields) throws MalformedMessageException {
        if (octets.length == 0) {
            throw new MalformedMessageException("empty");
        }
        if (octets[0] != FORMAT) {
            throw new MalformedMessageException("format version " + octets[0] + ", known is " + FORMAT);
        }
        return parse(parser, UnsafeByteOperations.unsafeWrap(octets, 1, octets.length - 1), maxFields);
    }

    /** A message without a format byte, held in a field of another. */
    static <M extends Message> M parse(Parser<M> parser, ByteString octets, int maxFields)
            throws MalformedMessageException {
        try {
            requireFewFields(octets.newCodedInput(), maxFields);
            // Unknown fields are skipped without a trace, which costs no memory; that they, or a field given twice, or
            // a
            // number in more bytes than it needs, were there shows when the message is written again.
            var message = DiscardUnknownFieldsParser.wrap(parser).parseFrom(octets);
            if (message.getSerializedSize() != octets.size()
                    || !message.toByteString().equals(octets)) {
                throw new MalformedMessageException("not in its canonical form, or fields this software does not know");
            }
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not protobuf", e);
        }
    }

    private static void requireFewFields(CodedInputStream in, int maxFields)
            throws InvalidProtocolBufferException, MalformedMessageException {
        try {
            for (var fields = 0; !in.isAtEnd(); fields++) {
                if (fields == maxFields) {
                    throw new MalformedMessageException("more than " + maxFields + " fields");
                }
                if (!in.skipField(in.readTag())) {
                    throw new MalformedMessageException("a group ends that never began");
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory cannot fail to be read", e);
        }
    }

    static ByteString toWire(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.readOnlyArray());
    }

    static Bytes fromWire(ByteString octets) {
        return Bytes.wrap(octets.toByteArray());
    }

    /** {@code value} as the unsigned number it is on the wire, where this software counts to 2^31 - 1 only. */
    static int count(int value, String name) throws MalformedMessageException {
        if (value < 0) {
            throw new MalformedMessageException(name + " is beyond 2^31");
        }
        return value;
    }

    /** {@code value} as the unsigned number it is on the wire, where this software counts to 2^63 - 1 only. */
    static long count(long value, String name) throws MalformedMessageException {
        if (value < 0) {
            throw new MalformedMessageException(name + " is beyond 2^63");
        }
        return value;
    }
}
