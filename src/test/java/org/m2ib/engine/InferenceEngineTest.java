package org.m2ib.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InferenceEngineTest {

  @Test
  void autoIsTheFirstGpuWhereThereIsOne() {
    assertThat(InferenceEngine.device("auto", true, 2)).isEqualTo(Device.gpu(0));
    assertThat(InferenceEngine.device("auto", true, 0)).isEqualTo(Device.cpu());
    assertThat(InferenceEngine.device("auto", false, 0)).isEqualTo(Device.cpu());
    assertThat(InferenceEngine.device("cpu", true, 2)).isEqualTo(Device.cpu());
  }

  @Test
  void aGpuIsNamedWithItsIndexOrIsTheFirst() {
    assertThat(InferenceEngine.device("gpu", true, 2)).isEqualTo(Device.gpu(0));
    assertThat(InferenceEngine.device("cuda", true, 2)).isEqualTo(Device.gpu(0));
    assertThat(InferenceEngine.device("gpu1", true, 2)).isEqualTo(Device.gpu(1));
    assertThat(InferenceEngine.device("cuda1", true, 2)).isEqualTo(Device.gpu(1));
  }

  @Test
  void aGpuWithoutCudaIsRefusedWithWhatIsMissing() {
    assertThatThrownBy(() -> InferenceEngine.device("gpu", false, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("m2ib.engine.device = gpu: DJL has loaded PyTorch without CUDA.")
        .hasMessageContaining("native jar on the class path")
        .hasMessageContaining("docs/operations.md");
  }

  @Test
  void aGpuThatIsNotFoundIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> InferenceEngine.device("cuda2", true, 2))
        .hasMessage("m2ib.engine.device = cuda2: DJL finds gpu0 to gpu1 only");
    assertThatThrownBy(() -> InferenceEngine.device("gpu", true, 0))
        .hasMessage("m2ib.engine.device = gpu: DJL finds no GPU");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GPU", "gpu-1", "gpu1000", "cpu0", "tpu"})
  void anotherNameIsRefusedWithThoseThereAre(String name) {
    assertThatThrownBy(() -> InferenceEngine.device(name, true, 1))
        .hasMessage(
            "m2ib.engine.device = "
                + name
                + ": must be cpu, gpu (or gpu1 and so on; cuda is the same) or auto");
  }
}
