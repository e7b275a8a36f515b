package dev.strongroom.hsm.protocol;

/**
 * Who alone is to read the secret of a reply: the enclave that an attestation document speaks of (API model,
 * RecipientInfo).
 *
 * @param attestation the document as the caller sent it, up to 262,144 bytes; the node verifies it
 */
public record Recipient(Bytes attestation) {}
