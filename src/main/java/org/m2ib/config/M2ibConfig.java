package org.m2ib.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Every setting of the service. Each key {@code m2ib.a.b-c} can also be given as the environment
 * variable {@code M2IB_A_B_C}. HTTP and the data source have Quarkus' own keys: {@code
 * quarkus.http.host} (127.0.0.1), {@code quarkus.http.port} (8080), {@code
 * quarkus.datasource.jdbc.url}, {@code quarkus.datasource.username}, {@code
 * quarkus.datasource.password}.
 */
@ConfigMapping(prefix = "m2ib")
public interface M2ibConfig {

  /**
   * Folder for the embedded database, the received objects, the made password and the session key.
   * It holds patient data.
   */
  @WithDefault("m2ib-data")
  Path dataDir();

  /**
   * Folder of a model in the layout its authors published, see models.md. Absent: the built-in
   * model.
   */
  Optional<Path> model();

  /**
   * Further models by a name of your choice, beside {@code m2ib.model}; see models.md. The first in
   * the order of their names whose rule fits takes a case.
   */
  Map<String, Model> models();

  /**
   * Archives that get the secondary captures, {@code AET@host:port}, several separated by commas.
   * Absent: captures stay in the service.
   */
  Optional<List<String>> archive();

  /**
   * Password of the user {@code admin} for HTTP, at least 8 characters. Absent: made at first
   * start, in {@code data-dir/admin-password}.
   */
  Optional<String> adminPassword();

  /** DICOM network. */
  Dicom dicom();

  /** HL7 v2 over MLLP. */
  Hl7 hl7();

  /** The FHIR server that gets the results. */
  Fhir fhir();

  /** When a study is complete, and how long a case waits. */
  Study study();

  /** How a report becomes sentences. */
  Report report();

  /** Which images of a study are attributed. */
  Images images();

  /** The methods of attribution; what is said of steps and noise holds for M2IB. */
  Attribution attribution();

  /** What is said of each map without a truth to hold it against. */
  Audit audit();

  /** The secondary captures. */
  Results results();

  /** Sending results out. */
  Delivery delivery();

  /** DJL's PyTorch engine. */
  Engine engine();

  interface Model {
    /** Folder of the model, as of {@code m2ib.model}. */
    Path path();

    /**
     * The rule's modalities (0008,0060), separated by commas. A rule takes a case where all that it
     * names fits; a model whose rule names nothing takes no case until it is made the default.
     */
    Optional<List<String>> modality();

    /** The rule's body parts examined (0018,0015), separated by commas, for example CHEST. */
    Optional<List<String>> bodyPart();

    /** The rule's sources: calling AE titles, separated by commas. */
    Optional<List<String>> sourceAe();

    /**
     * The rule's languages of the report, as its sender names them, separated by commas; {@code de}
     * fits {@code de-CH} too.
     */
    Optional<List<String>> language();

    /**
     * Whether it runs in shadow: beside the active model, on the cases that its rule fits (on all
     * where that names nothing), to keep nothing but figures. Made the default, it does not.
     */
    @WithDefault("false")
    boolean shadow();
  }

  interface Dicom {
    /** Address the DICOM listener is bound to; 0.0.0.0 opens it to the network. */
    @WithDefault("127.0.0.1")
    String host();

    /** TCP port of the DICOM listener. */
    @WithDefault("11112")
    int port();

    /** Our AE title: the only called AE title accepted, and the calling one when we send. */
    @WithDefault("M2IB")
    String aeTitle();

    /** Calling AE titles that may send, separated by commas. Absent: any. */
    Optional<List<String>> callingAeTitles();

    /**
     * Whether objects that would be attributed are refused in transfer syntaxes whose pixels are
     * not read: a sender that can then converts them. false: they are kept, and their case fails.
     */
    @WithDefault("true")
    boolean refuseUndecoded();

    /** Largest PDU accepted, in bytes. */
    @WithDefault("65536")
    int maxPduLength();

    /** Associations open at a time; one more is refused (temporarily congested). */
    @WithDefault("32")
    int maxAssociations();

    /**
     * An association on which nothing comes for this long is aborted, and so is a connection whose
     * association is not requested or released in this time (ARTIM, PS3.8 9.1.5).
     */
    @WithDefault("1m")
    Duration idleTimeout();
  }

  interface Hl7 {
    /** Address the MLLP listener is bound to; 0.0.0.0 opens it to the network. */
    @WithDefault("127.0.0.1")
    String host();

    /** TCP port of the MLLP listener. */
    @WithDefault("2575")
    int port();

    /** Largest message accepted, in bytes. */
    @WithDefault("4194304")
    int maxMessageBytes();

    /** Connections open at a time; for one more the connection idle longest is closed. */
    @WithDefault("64")
    int maxConnections();

    /** A connection on which no message begins for this long is closed. */
    @WithDefault("10m")
    Duration idleTimeout();

    /** A message that takes longer from its first byte to its last loses its connection. */
    @WithDefault("1m")
    Duration messageTimeout();

    /** Sending facilities (MSH-4) that may send, separated by commas. Absent: any. */
    Optional<List<String>> sendingFacilities();

    /**
     * Assigning authorities (PID-3.4) whose patient identifier is compared with the image's, best
     * first. Absent: the identifier of type MR, else the first.
     */
    Optional<List<String>> patientIdAuthorities();
  }

  interface Fhir {
    /**
     * Base URL of the FHIR R4 server that gets the bundles. Absent: results are read from the
     * service's own /fhir only.
     */
    Optional<String> url();

    /** Bearer token sent with each request. */
    Optional<String> token();

    /** User for HTTP Basic at that server. */
    Optional<String> username();

    /** Password for HTTP Basic at that server. */
    Optional<String> password();

    /** How long one exchange may take, from the connection to the last byte of the answer. */
    @WithDefault("30s")
    Duration timeout();
  }

  interface Study {
    /**
     * A study is complete when nothing has come for it this long, or when its expected instance
     * count is there.
     */
    @WithDefault("30s")
    Duration quietPeriod();

    /**
     * A case that still waits for its other half after this becomes EXPIRED; a late arrival revives
     * it.
     */
    @WithDefault("30d")
    Duration expiry();
  }

  interface Report {
    /** Sections whose sentences are attributed, by canonical name, separated by commas. */
    @WithDefault("findings,impression,conclusion")
    List<String> sections();

    /**
     * Further headings, each {@code HEADING=section}, separated by commas, for example {@code
     * BEFUND=findings}.
     */
    Optional<List<String>> headings();

    /**
     * Whether a sentence that is longer than the model's context is split at its clauses, each part
     * attributed by itself. A denial in front ({@code No effusion, ...}) is then read with its own
     * part alone. Otherwise the model reads the beginning, and results say which words were cut.
     */
    @WithDefault("false")
    boolean split();
  }

  interface Images {
    /**
     * SOP classes (0008,0016) that are attributed: by default computed and digital radiographs for
     * presentation, and secondary captures.
     */
    @WithDefault(
        "1.2.840.10008.5.1.4.1.1.1,1.2.840.10008.5.1.4.1.1.1.1,1.2.840.10008.5.1.4.1.1.7,1.2.840.10008.5.1.4.1.1.7.2,1.2.840.10008.5.1.4.1.1.7.3,1.2.840.10008.5.1.4.1.1.7.4")
    List<String> sopClasses();

    /** Modalities (0008,0060) that are attributed; an image without one is attributed too. */
    @WithDefault("DX,CR,RG,SC,OT")
    List<String> modalities();

    /** View positions (0018,5101) that are attributed; an image without one is attributed too. */
    @WithDefault("PA,AP,LL,RL,LATERAL,LAT")
    List<String> viewPositions();

    /**
     * Which frame of a multi-frame image: {@code first}, {@code middle}, or a number counted from
     * 1.
     */
    @WithDefault("first")
    String frame();
  }

  interface Attribution {
    /**
     * The method whose maps are delivered, as captures and Observations: {@code m2ib}, {@code nib},
     * {@code grad-eclip}, {@code grad-cam}, {@code gradient-times-activation}, {@code chefer},
     * {@code rollout}, {@code saliency}, {@code smoothgrad}, {@code rise}, {@code kernel-shap},
     * {@code occlusion}, or a baseline, {@code random} or {@code centre}.
     */
    @WithDefault("m2ib")
    String method();

    /**
     * Further methods, separated by commas, whose maps of the same image and sentence are stored
     * beside it for review and never delivered. Each takes its time. A result that is there keeps
     * those it was made with.
     */
    Optional<List<String>> additionalMethods();

    /**
     * How long one case may be worked on, its pauses not counted; it is then left with the maps
     * that it has, and says so.
     */
    @WithDefault("1h")
    Duration timeLimit();

    /**
     * Encoder layer, counted from 0, whose output is bottlenecked (M2IB; NIB and gradient times
     * activation go by it, too); at most the last but one. Without it what the model's card chose,
     * else the paper's 9.
     */
    OptionalInt layer();

    /**
     * Weight of the capacity against the fit; more throws more away. Without it what the model's
     * card chose, else the paper's 0.1.
     */
    OptionalDouble beta();

    /**
     * Steps of the optimiser (Adam). Without it what the model's card chose, else the paper's 10.
     */
    OptionalInt steps();

    /** Noise samples for each step. */
    @WithDefault("10")
    int samples();

    /** Learning rate of Adam. */
    @WithDefault("1")
    double learningRate();

    /**
     * A sentence's loop stops early when a step has changed its loss by less. 0, the paper's, goes
     * all steps.
     */
    @WithDefault("0")
    double tolerance();

    /** Names the counter-based noise of every method; the same seed gives the same map. */
    @WithDefault("m2ib")
    String seed();
  }

  interface Audit {
    /**
     * How many maps with other noise each map is compared with, 0 to 10. Each takes about as long
     * as the map; a method without noise has none.
     */
    @WithDefault("1")
    int seeds();

    /**
     * Whether each map is compared with that of the sentence's contrary, which takes about as long
     * as the map.
     */
    @WithDefault("true")
    boolean negation();

    /**
     * An alarm is raised where more than this share of a map lies on burned-in text or markers, 0
     * to 1.
     */
    @WithDefault("0.1")
    double shortcutShare();
  }

  interface Results {
    /** SeriesNumber (0020,0011) of the captures' series. */
    @WithDefault("9800")
    int seriesNumber();

    /** Longest side of a capture's picture, in pixels; larger images are reduced. */
    @WithDefault("2048")
    int longSide();

    /**
     * One capture for each image, a frame a sentence (Multi-frame True Color Secondary Capture),
     * instead of one for each sentence.
     */
    @WithDefault("false")
    boolean multiFrame();
  }

  interface Delivery {
    /**
     * Tries before a delivery becomes a dead letter. With the pauses as they are at first, 75 take
     * about three days, so that a destination may be away over a weekend.
     */
    @WithDefault("75")
    int attempts();

    /**
     * Pause after the first failed try; it doubles with each further one. Each is up to a fifth
     * longer, at random, so that deliveries that failed together are not tried together.
     */
    @WithDefault("5s")
    Duration firstPause();

    /**
     * The longest pause between two tries; a FHIR server's Retry-After may ask for an hour, or for
     * this where it is longer.
     */
    @WithDefault("1h")
    Duration longestPause();
  }

  interface Engine {
    /**
     * Folder the engine unpacks its native libraries to. Absent: DJL_CACHE_DIR, else .djl.ai in the
     * home, else the temporary folder.
     */
    Optional<Path> cacheDir();

    /**
     * Where the model runs: {@code cpu}; {@code gpu} or {@code cuda}, with an index from 0 or
     * without; {@code auto}, the first GPU where there is one, else the CPU. A GPU needs a build
     * with CUDA, see operations.md.
     */
    @WithDefault("cpu")
    String device();

    /** Threads of one tensor operation; 0 means one for each processor. */
    @WithDefault("0")
    int threads();

    /**
     * Memory of the engine that the sentences of one image may take together, in MiB: how many run
     * in one pass follows from it, one at least.
     */
    @WithDefault("512")
    long memory();

    /** Cases attributed at the same time. */
    @WithDefault("1")
    int workers();
  }
}
