package dev.strongroom.hsm.protocol;

/**
 * Whom an access key belongs to, as of one revision.
 *
 * @param stamp the access key's record
 * @param accessKeyId such as {@code AKIA…}
 * @param accountId twelve digits
 * @param principalArn such as {@code arn:aws:iam::111122223333:root}
 */
public record CallerIdentity(Stamp stamp, String accessKeyId, String accountId, String principalArn) {}
