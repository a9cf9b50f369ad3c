package org.m2ib.dicom;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.aoju.bus.image.metric.ApplicationEntity;
import org.aoju.bus.image.metric.internal.pdu.AAssociateAC;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.CommonExtended;
import org.aoju.bus.image.metric.internal.pdu.Presentation;
import org.aoju.bus.image.metric.internal.pdu.RoleSelection;
import org.jboss.logging.Logger;

/**
 * Negotiates presentation contexts (PS3.8 9.3.3.2). Accepts verification, every storage class,
 * including those of vendors and of later editions of the standard, and the given services.
 */
final class StorageEntity extends ApplicationEntity {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = Logger.getLogger(StoreScp.class);
  private static final int MOST_NAMED = 8;
  private static final String STORAGE_SERVICE_CLASS = "1.2.840.10008.4.2";

  /** Those that a data set without pixels needs. */
  private static final Set<String> PLAIN =
      Set.of(Uids.EXPLICIT_VR_LITTLE_ENDIAN, Uids.IMPLICIT_VR_LITTLE_ENDIAN);

  private final transient Set<String> decodedClasses;
  private final transient List<DimseService> services;

  /**
   * @param decodedClasses SOP classes accepted only in transfer syntaxes that can be decoded
   */
  StorageEntity(String aeTitle, Set<String> decodedClasses, List<DimseService> services) {
    this.decodedClasses = decodedClasses;
    this.services = services;
    setAETitle(aeTitle);
    setAssociationAcceptor(true);
  }

  @Override
  protected Presentation negotiate(AAssociateRQ request, AAssociateAC answer, Presentation offer) {
    String sopClass = offer.getAbstractSyntax();
    int id = offer.getPCID();
    String[] offered = offer.getTransferSyntaxes();
    Optional<DimseService> service =
        services.stream().filter(one -> one.sopClasses().contains(sopClass)).findFirst();
    if (service.isEmpty() && !isProvided(request, sopClass)) {
      return new Presentation(id, Presentation.ABSTRACT_SYNTAX_NOT_SUPPORTED, offered[0]);
    }
    RoleSelection roles = request.getRoleSelectionFor(sopClass);
    if (roles != null) {
      // a role proposed as 0 is answered with 0 (PS3.7 D.3.3.4)
      boolean used =
          service
              .map(DimseService::isUsed)
              .orElseGet(() -> services.stream().anyMatch(DimseService::sendsObjects));
      boolean scp = roles.isSCP() && used && !sopClass.equals(Uids.VERIFICATION);
      if (answer.getRoleSelectionFor(sopClass) == null) {
        answer.addRoleSelection(new RoleSelection(sopClass, roles.isSCU(), scp));
      }
      if (!roles.isSCU() && !scp) {
        return new Presentation(id, Presentation.USER_REJECTION, offered[0]);
      }
    }
    boolean keep = !decodedClasses.contains(sopClass) || roles != null && !roles.isSCU();
    String chosen =
        service.isPresent()
            ? Arrays.stream(offered).filter(PLAIN::contains).findFirst().orElse(null)
            : choose(offered, keep);
    if (chosen == null && service.isEmpty()) {
      sayRefused(request, offer, keep);
    }
    return chosen == null
        ? new Presentation(id, Presentation.TRANSFER_SYNTAX_NOT_SUPPORTED, offered[0])
        : new Presentation(id, Presentation.ACCEPTANCE, chosen);
  }

  /** Once for a class that is refused in all transfer syntaxes that the sender has for it. */
  private static void sayRefused(AAssociateRQ request, Presentation offer, boolean keep) {
    List<Presentation> same =
        request.getPresentationContexts().stream()
            .filter(one -> one.getAbstractSyntax().equals(offer.getAbstractSyntax()))
            .toList();
    if (same.get(0).getPCID() == offer.getPCID()
        && same.stream().allMatch(one -> choose(one.getTransferSyntaxes(), keep) == null)) {
      LOG.warnf(
          "DICOM: %s can send objects of SOP class %s only in transfer syntaxes that are not"
              + " decoded here, and is refused: %s",
          AeTitle.clean(request.getCallingAET()),
          Uids.printable(offer.getAbstractSyntax()),
          same.stream()
              .flatMap(one -> Arrays.stream(one.getTransferSyntaxes()))
              .distinct()
              .limit(MOST_NAMED)
              .map(uid -> TransferSyntaxes.name(Uids.printable(uid)))
              .collect(Collectors.joining(", ")));
    }
  }

  private static boolean isProvided(AAssociateRQ request, String sopClass) {
    if (sopClass.equals(Uids.VERIFICATION) || Uids.isStorageClass(sopClass)) {
      return true;
    }
    CommonExtended extended = request.getCommonExtendedNegotiationFor(sopClass);
    return extended != null && STORAGE_SERVICE_CLASS.equals(extended.getServiceClassUID());
  }

  /**
   * Returns the first transfer syntax that can be decoded or, if that suffices, the first that can
   * be stored.
   */
  private static String choose(String[] offered, boolean keep) {
    String kept = null;
    for (String syntax : offered) {
      if (PixelReader.decodes(syntax)) {
        return syntax;
      }
      if (keep && kept == null && Uids.isStored(syntax)) {
        kept = syntax;
      }
    }
    return kept;
  }
}
