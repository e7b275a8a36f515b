package dev.strongroom.hsm.protocol;

/**
 * A managed policy, as of one revision.
 *
 * @param arn such as {@code arn:aws:iam::111122223333:policy/path/name}
 * @param document its text
 */
public record PolicyRecord(Stamp stamp, String arn, String document) {}
