window.config = {
  routerBasename: '/', extensions: ['/m2ib/assets/ohif/overlay.js'], modes: [], customizationService: {}, showStudyList: true, maxNumberOfWebWorkers: 1,
  showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false, showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true, investigationalUseDialog: { option: 'never' },
  dataSources: [{
    namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
    sourceName: 'm2ib',
    configuration: {
      friendlyName: 'm2ib', name: 'm2ib', qidoRoot: '/dicom-web', wadoRoot: '/dicom-web', wadoUriRoot: '/dicom-web',
      imageRendering: 'wadors', thumbnailRendering: 'wadors', supportsFuzzyMatching: false, supportsWildcard: true,
      qidoSupportsIncludeField: true, enableStudyLazyLoad: true, bulkDataURI: { enabled: true },
    },
  }],
  defaultDataSourceName: 'm2ib',
};
