package org.m2ib.holdings;

/**
 * An object that the service holds.
 *
 * @param transferSyntaxUid in which its file is stored
 * @param blob SHA-256 of that Part 10 file
 */
public record HeldInstance(
    String studyInstanceUid,
    String seriesInstanceUid,
    String sopInstanceUid,
    String sopClassUid,
    String transferSyntaxUid,
    String blob) {}
