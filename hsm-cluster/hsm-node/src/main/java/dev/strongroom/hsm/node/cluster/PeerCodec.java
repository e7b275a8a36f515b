package dev.strongroom.hsm.node.cluster;

import java.util.Optional;

/** Turns messages between nodes into bytes and back. */
interface PeerCodec {

    byte[] encode(PeerMessage message);

    /** Empty if the bytes are no message; the receiver drops them. */
    Optional<PeerMessage> decode(byte[] octets);
}
