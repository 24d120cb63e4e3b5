// The kiosk's one page. Everything it shows comes from face.view; it keeps nothing.
import QtQuick

Rectangle {
    id: page

    readonly property var shown: face.view
    readonly property bool choosesLanguage: shown.screen === "welcome" && !shown.asks
    readonly property real gap: 4 * mm
    readonly property bool wide: width > height
    readonly property int columns: Math.min(shown.buttons.length || 1,
                                            choosesLanguage ? (wide ? 4 : 3) : (wide ? 3 : 1))
    readonly property real letter: Math.max(5 * mm, Math.min(width, height) / 24)
    readonly property real buttonHeight: Math.max(touchSide, Math.min(1.8 * touchSide, height / 14))

    color: "white"
    LayoutMirroring.enabled: shown.rightToLeft
    LayoutMirroring.childrenInherit: true
    Accessible.role: Accessible.AlertMessage
    Accessible.name: shown.title + "\n" + shown.notice + "\n" + shown.text + "\n" + shown.code

    component Line: Text {
        width: parent.width
        visible: text !== ""
        wrapMode: Text.WordWrap
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignHCenter
        color: "#102a43"
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }

    Item {
        id: stage
        anchors { top: parent.top; bottom: grid.top; left: parent.left; right: parent.right }
        anchors.margins: page.gap

        Column {
            id: words
            anchors.verticalCenter: parent.verticalCenter
            anchors.left: parent.left
            width: page.wide && barcode.visible ? parent.width - barcode.width - page.gap
                                                : parent.width
            spacing: page.gap

            Image {
                id: symbol
                objectName: "symbol"
                anchors.horizontalCenter: parent.horizontalCenter
                width: Math.min(parent.width, stage.height) * (page.choosesLanguage ? 0.22 : 0.3)
                height: width
                sourceSize.width: width
                source: page.shown.symbol
            }
            Line {
                objectName: "title"
                text: page.shown.title
                font.pixelSize: 1.7 * page.letter
                font.bold: true
            }
            Rectangle {
                visible: notice.text !== ""
                width: parent.width
                height: notice.height + 2 * page.gap
                color: "#7a1f00"
                radius: 2 * mm
                Line {
                    id: notice
                    objectName: "notice"
                    anchors.verticalCenter: parent.verticalCenter
                    width: parent.width - 2 * page.gap
                    anchors.horizontalCenter: parent.horizontalCenter
                    text: page.shown.notice
                    color: "white"
                    font.pixelSize: page.letter
                    font.bold: true
                }
            }
            Line {
                objectName: "text"
                text: page.shown.text
                font.pixelSize: page.letter
            }
            Line {
                objectName: "code"
                text: page.shown.code
                font.pixelSize: 2 * page.letter
                font.bold: true
                font.family: "DejaVu Sans Mono"
            }
            Item {  // room for the barcode where it stands below
                visible: barcode.visible && !page.wide
                width: 1
                height: barcode.height
            }
        }
        Image {
            id: barcode
            objectName: "barcode"
            visible: page.shown.barcode !== ""
            source: page.shown.barcode
            cache: false
            smooth: false
            width: Math.max(30 * mm, Math.min(stage.width, stage.height) * (page.wide ? 0.5 : 0.28))
            height: width
            sourceSize.width: width
            fillMode: Image.PreserveAspectFit
            x: page.wide ? (page.shown.rightToLeft ? 0 : stage.width - width)
                         : (stage.width - width) / 2
            y: page.wide ? (stage.height - height) / 2
                         : words.y + words.height - height
        }
    }

    Grid {
        id: grid
        anchors { bottom: parent.bottom; left: parent.left; right: parent.right }
        anchors.margins: page.gap
        columns: page.columns
        spacing: page.gap

        Repeater {
            model: page.shown.buttons
            delegate: Rectangle {
                required property var modelData
                objectName: "button:" + modelData.id
                width: (grid.width - (page.columns - 1) * page.gap) / page.columns
                height: page.buttonHeight
                radius: 3 * mm
                color: touch.pressed ? "#06223d" : "#0b3d6b"
                border.width: modelData.focused ? 1.2 * mm : 0
                border.color: "#ffb000"
                Accessible.role: Accessible.Button
                Accessible.name: modelData.label
                Accessible.focusable: true
                Accessible.focused: modelData.focused
                Accessible.onPressAction: face.press(modelData.id)

                Text {
                    objectName: "label"
                    anchors.fill: parent
                    anchors.margins: 2 * mm
                    text: modelData.label
                    textFormat: Text.PlainText
                    color: "white"
                    wrapMode: Text.WordWrap
                    horizontalAlignment: Text.AlignHCenter
                    verticalAlignment: Text.AlignVCenter
                    fontSizeMode: Text.Fit
                    minimumPixelSize: 4 * mm
                    font.pixelSize: page.letter
                    font.bold: true
                }
                MouseArea {
                    id: touch
                    anchors.fill: parent
                    onClicked: face.press(modelData.id)
                }
            }
        }
    }
}
