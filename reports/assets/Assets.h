//===- reports/assets/Assets.h - style sheet and script, embedded ---------===//

#ifndef EMM_REPORTS_ASSETS_ASSETS_H
#define EMM_REPORTS_ASSETS_ASSETS_H

namespace emm::assets {

extern const char ReportCss[];
extern const unsigned long ReportCssSize;
extern const char ReportJs[];
extern const unsigned long ReportJsSize;

} // namespace emm::assets

#endif
