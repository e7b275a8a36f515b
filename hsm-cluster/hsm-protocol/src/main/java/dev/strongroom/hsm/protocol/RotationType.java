package dev.strongroom.hsm.protocol;

/** How a generation of key material came (AWS KMS API reference, RotationsListEntry, RotationType). */
public enum RotationType {
    AUTOMATIC,
    ON_DEMAND
}
